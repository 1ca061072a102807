#include "model/spec.h"

#include <gtest/gtest.h>

#include <csignal>

#include "base/error.h"

namespace gentle {
namespace {

// The least that is a spec, around the given lines.
std::string spec_text(const std::string& lines) {
  return "gentle-spec 1\nname api\nstate /b/api\ncommand /bin/server\n" + lines + "end\n";
}

Spec parse(const std::string& lines) { return parse_spec(spec_text(lines), "/x.spec"); }

std::string cause_of(const std::string& text) {
  try {
    parse_spec(text, "/x.spec");
  } catch (const Error& error) {
    return error.cause();
  }
  return "accepted";
}

TEST(Spec, HasDefaults) {
  const Spec spec = parse("port http\n");
  EXPECT_EQ(spec.name, "api");
  EXPECT_EQ(spec.state_dir, "/b/api");
  EXPECT_EQ(spec.command, std::vector<std::string>{"/bin/server"});
  EXPECT_EQ(spec.start_timeout, std::chrono::seconds(30));
  ASSERT_EQ(spec.stop_plan.steps.size(), 2U);
  EXPECT_EQ(spec.stop_plan.steps[0].signal, SIGINT);
  EXPECT_EQ(spec.stop_plan.total(), std::chrono::seconds(15));
  EXPECT_TRUE(spec.end_rule.good.empty());
  EXPECT_TRUE(spec.coverage);
  EXPECT_EQ(spec.scope, Scope::kRun);
  ASSERT_EQ(spec.ready.size(), 1U);
  EXPECT_EQ(spec.ready[0].kind, ReadyKind::kTcp);
  EXPECT_EQ(spec.ready[0].args, std::vector<std::string>{"http"});
}

TEST(Spec, WaitsForTheFirstPortThatThereIs) {
  EXPECT_EQ(parse("listen a\nport b\n").ready[0].args[0], "b");
  EXPECT_EQ(parse("listen a\nlisten b\n").ready[0].args[0], "a");
}

TEST(Spec, CarriesValuesAsWritten) {
  const Spec spec = parse(
      "port p\ncommand  two spaces \ncommand\ncommand \ncommand a;b\\\"$[<>'\ncommand "
      "\xC3\xA9\xFF\n");
  EXPECT_EQ(spec.command, (std::vector<std::string>{"/bin/server", " two spaces ", "", "",
                                                    "a;b\\\"$[<>'", "\xC3\xA9\xFF"}));
}

TEST(Spec, ReadsEveryKey) {
  const Spec spec = parse(
      "port http=8080\nport admin\nlisten sock\nready HTTP\nready.arg /health\nready.status 204\n"
      "ready COMMAND\nready.arg check\nready.arg -v\nready NOTIFY\nstart_timeout 2.5\n"
      "ready LOG\nready.arg ready\nready.times 2\n"
      "stop SIGTERM 1\nstop SIGQUIT 0.5\nexit_code 3\nexit_code SIGTERM\ndepends /db.spec\n"
      "environment A=b=c\nworking_directory /w\nexport URL=x\nscope test\ncoverage off\n");
  EXPECT_EQ(spec.ports[0].number, 8080);
  EXPECT_EQ(spec.ports[1].number, 0);
  EXPECT_EQ(spec.listens[0].name, "sock");
  ASSERT_EQ(spec.ready.size(), 4U);
  EXPECT_EQ(spec.ready[0].statuses, std::vector<int>{204});
  EXPECT_EQ(spec.ready[1].args, (std::vector<std::string>{"check", "-v"}));
  EXPECT_EQ(spec.ready[2].times, 1);
  EXPECT_EQ(spec.ready[3].times, 2);
  EXPECT_EQ(spec.start_timeout, std::chrono::milliseconds(2500));
  EXPECT_EQ(spec.stop_plan.total(), std::chrono::milliseconds(1500));
  EXPECT_EQ(spec.end_rule.good, (std::vector<EndStatus>{{false, 3}, {true, SIGTERM}}));
  EXPECT_EQ(spec.depends, std::vector<std::string>{"/db.spec"});
  EXPECT_EQ(spec.environment[0].value, "b=c");
  EXPECT_EQ(spec.working_directory, "/w");
  EXPECT_EQ(spec.exports[0].name, "URL");
  EXPECT_EQ(spec.scope, Scope::kTest);
  EXPECT_FALSE(spec.coverage);
}

TEST(Spec, NamesTheWrongLine) {
  const auto cause = [](const std::string& line) { return cause_of(spec_text(line + "\n")); };
  EXPECT_EQ(cause("prot http"), "line 5: unknown key 'prot', did you mean 'port'?");
  EXPECT_EQ(cause("frobnicate"), "line 5: unknown key 'frobnicate'");
  EXPECT_EQ(cause("port http=0"), "line 5: 'port': 'http=0' is no port number from 1 to 65535");
  EXPECT_EQ(cause("port Http"), "line 5: 'port': 'Http' is no port name");
  EXPECT_EQ(cause("ready Tcp"), "line 5: 'ready': 'Tcp' is no readiness kind");
  EXPECT_EQ(cause("ready.arg x"), "line 5: 'ready.arg': stands before any 'ready'");
  EXPECT_EQ(cause("stop INT 3"), "line 5: 'stop': 'INT' is no signal");
  EXPECT_EQ(cause("stop SIGINT"), "line 5: 'stop': 'SIGINT' has no seconds");
  EXPECT_EQ(cause("stop SIGINT x"), "line 5: 'stop': 'x' is no number of seconds");
  EXPECT_EQ(cause("exit_code 256"),
            "line 5: 'exit_code': '256' is no exit code from 0 to 255 and no signal");
  EXPECT_EQ(cause("environment 1A=x"), "line 5: 'environment': '1A=x' is not VAR=value");
  EXPECT_EQ(cause("depends db.spec"), "line 5: 'depends': 'db.spec' is no absolute path");
  EXPECT_EQ(cause("scope all"), "line 5: 'scope': 'all' is neither 'run' nor 'test'");
  EXPECT_EQ(cause(std::string("command a\0b", 11)), "line 5: holds a NUL byte");
  EXPECT_EQ(cause("ready HTTP\nready.status 99"),
            "line 6: 'ready.status': '99' is no HTTP status from 100 to 599");
}

TEST(Spec, ChecksTheWhole) {
  const auto cause = [](const std::string& line) { return cause_of(spec_text(line)); };
  EXPECT_EQ(cause(""), "without a port it needs a 'ready' line");
  EXPECT_EQ(cause("port a\nlisten a\n"), "port 'a' stands twice");
  EXPECT_EQ(cause("port a\nready TCP\nready.arg b\n"),
            "ready TCP names 'b', which is no port of the service");
  EXPECT_EQ(cause("ready EXIT\nready.arg x\n"), "ready EXIT takes no argument");
  EXPECT_EQ(cause("ready LOG\n"), "ready LOG needs an argument");
  EXPECT_EQ(cause("ready FILE\nready.arg a\nready.arg b\n"), "ready FILE takes one argument");
  EXPECT_EQ(cause("ready LOG\nready.arg a\nready.times 0\n"),
            "line 7: 'ready.times': '0' is no number from 1 to 999999");
  EXPECT_EQ(cause("ready FILE\nready.arg a\nready.times 2\n"),
            "ready.times goes with ready LOG, not with ready FILE");
  EXPECT_EQ(cause("ready FILE\nready.arg a\nready.status 200\n"),
            "ready.status goes with ready HTTP, not with ready FILE");
  EXPECT_EQ(cause("ready EXIT\nshell\ncommand x\n"),
            "'shell' goes with exactly one line of command");
  EXPECT_EQ(cause_of("gentle-spec 1\nstate /s\ncommand x\nready EXIT\nend\n"), "'name' is missing");
  EXPECT_EQ(cause_of("gentle-spec 1\nname a\ncommand x\nready EXIT\nend\n"), "'state' is missing");
  EXPECT_EQ(cause_of("gentle-spec 1\nname a\nstate /s\nready EXIT\nend\n"), "'command' is missing");
}

TEST(Spec, APortOfAnyNumberIsWaitedFor) {
  const Spec spec =
      parse_spec(spec_text("port admin\nport http=ANY\nready HTTP\nready.arg /\n"), "f");
  EXPECT_EQ(any_port(spec), &spec.ports[1]);
  ASSERT_EQ(spec.ready.size(), 2U);
  EXPECT_EQ(spec.ready[0].kind, ReadyKind::kTcp);
  EXPECT_EQ(spec.ready[0].args, std::vector<std::string>{"http"});
  EXPECT_EQ(parse_spec(spec_text("port http=ANY\n"), "f").ready.size(), 1U);
  EXPECT_EQ(any_port(parse_spec(spec_text("port http\n"), "f")), nullptr);
}

TEST(Spec, AForeignListener) {
  const Spec spec =
      parse_spec(spec_text("port a\nready TCP\nready.arg a\nready.foreign\nready EXIT\n"), "f");
  EXPECT_TRUE(spec.ready[0].foreign);
  EXPECT_FALSE(spec.ready[1].foreign);
}

TEST(Spec, RefusesWhatNobodyCouldTell) {
  const auto cause = [](const std::string& line) { return cause_of(spec_text(line)); };
  EXPECT_EQ(cause("port a=ANY\nport b=ANY\n"), "two ports are ANY");
  EXPECT_EQ(cause("listen a=ANY\n"), "port 'a' is bound for the service: it cannot be ANY");
  EXPECT_EQ(cause("port a=any\n"), "line 5: 'port': 'a=any' is no port number from 1 to 65535");
  EXPECT_EQ(cause("port a=ANY\nready TCP\nready.arg a\nready.foreign\n"),
            "ready.foreign does not go with a port that is ANY");
  EXPECT_EQ(cause("ready LOG\nready.arg a\nready.foreign\n"),
            "ready.foreign goes with ready TCP and HTTP, not with ready LOG");
}

TEST(Spec, MayBeOfAProjectInsideAnotherOne) {
  const auto name_of = [](const std::string& name) {
    try {
      return parse_spec(
                 "gentle-spec 1\nname " + name + "\nstate /s\ncommand true\nready EXIT\nend\n",
                 "/a.spec")
          .name;
    } catch (const Error&) {
      return std::string("refused");
    }
  };
  EXPECT_EQ(name_of("My-Lib_2.redis"), "My-Lib_2.redis");
  for (const char* wrong : {".redis", "lib.", "lib.Redis", "../redis", "a.b.redis", "a b.redis"}) {
    EXPECT_EQ(name_of(wrong), "refused") << wrong;
  }
}

TEST(Spec, KnowsATruncatedFile) {
  EXPECT_EQ(cause_of(""), "it is truncated: its last line is not 'end'");
  EXPECT_EQ(cause_of("gentle-spec 1\nname a\n"), "it is truncated: its last line is not 'end'");
  EXPECT_EQ(cause_of("ELF\n"), "line 1: is not 'gentle-spec 1'");
  EXPECT_EQ(cause_of(spec_text("ready EXIT\n") + "more\n"), "line 7: text after 'end'");
}

}  // namespace
}  // namespace gentle
