#include "model/variables.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gentle {
namespace {

Spec spec_with_ports() {
  Spec spec;
  spec.name = "my-api";
  spec.state_dir = "/b/my-api";
  spec.ports = {{"http", 0}, {"admin-x", 0}};
  spec.listens = {{"sock", 0}};
  return spec;
}

std::string message_of(const std::string& text) {
  try {
    expand(text, {{"API_HOST", "h"}, {"API_PORT", "1"}}, "COMMAND of 'api'");
  } catch (const Error& error) {
    return error.message();
  }
  return "accepted";
}

TEST(Variables, NameEveryPortAndTheFirstOne) {
  const ServiceAddress address{"::1", {{"http", 1}, {"admin-x", 2}, {"sock", 3}}};
  EXPECT_EQ(service_variables(spec_with_ports(), address),
            (Variables{{"MY_API_HOST", "::1"},
                       {"MY_API_PORT", "1"},
                       {"MY_API_HTTP_PORT", "1"},
                       {"MY_API_ADMIN_X_PORT", "2"},
                       {"MY_API_SOCK_PORT", "3"},
                       {"MY_API_DIR", "/b/my-api/dir"},
                       {"MY_API_LOG", "/b/my-api/log"}}));
}

TEST(Variables, OfAProjectInsideAnotherOneAreThoseOfThePlainName) {
  EXPECT_EQ(service_prefix("my-db"), "MY_DB");
  EXPECT_EQ(service_prefix("Vendored_2-x.my-db"), "MY_DB");
}

TEST(Variables, MergeUnlessTheyDisagree) {
  Variables all = {{"A", "1"}};
  merge_variables(all, {{"A", "1"}, {"B", "2"}}, "db");
  EXPECT_EQ(all, (Variables{{"A", "1"}, {"B", "2"}}));
  EXPECT_THROW(merge_variables(all, {{"A", "2"}}, "db"), Error);
}

TEST(Expand, ReplacesNames) {
  const Variables known = {{"API_HOST", "h"}, {"API_PORT", "1"}};
  EXPECT_EQ(expand("", known, ""), "");
  EXPECT_EQ(expand("http://@API_HOST@:@API_PORT@/", known, ""), "http://h:1/");
  EXPECT_EQ(expand("@API_PORT@@API_PORT@", known, ""), "11");
}

TEST(Expand, LeavesWhatIsNoName) {
  const Variables known = {{"X", "x"}};
  EXPECT_EQ(expand("me@example.org", known, ""), "me@example.org");
  EXPECT_EQ(expand("@", known, ""), "@");
  EXPECT_EQ(expand("@X", known, ""), "@X");
  EXPECT_EQ(expand("a@b c@d", known, ""), "a@b c@d");
  EXPECT_EQ(expand("user@host@domain", known, ""), "user@host@domain");
  EXPECT_EQ(expand("ä@1@_@a-b@X@", known, ""), "ä@1@_@a-bx");
  EXPECT_EQ(expand("@NOT THIS@ @X", known, ""), "@NOT THIS@ @X");
}

TEST(Expand, RefusesAKnownNameInAnotherSpelling) {
  for (const char* text : {"@api_port@", "@API-PORT@", "@api.port@", "x@Api-Port@"}) {
    EXPECT_NE(message_of(text).find("did you mean '@API_PORT@'?"), std::string::npos) << text;
  }
}

TEST(Expand, TwoAreOne) {
  const Variables known = {{"X", "x"}};
  EXPECT_EQ(expand("@@", known, ""), "@");
  EXPECT_EQ(expand("@@X@@", known, ""), "@X@");
  EXPECT_EQ(expand("@@@X@", known, ""), "@x");
}

TEST(Expand, DoesNotExpandWhatItInserted) { EXPECT_EQ(expand("@X@", {{"X", "@X@"}}, ""), "@X@"); }

TEST(Expand, ListsTheKnownNames) {
  EXPECT_EQ(
      message_of("@API_PROT@"),
      "gentle: error: replace in COMMAND of 'api' '@API_PROT@': no variable has this name, did "
      "you mean '@API_PORT@'?\n"
      "known here: API_HOST, API_PORT\n"
      "hint: write @@ for one @, or add the service that gives it to DEPENDS or FIXTURES\n");
}

}  // namespace
}  // namespace gentle
