#include "supervise/report.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "os/core_dumps.h"
#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const EndStatus kZero{false, 0};
const EndStatus kThree{false, 3};

// A service that becomes ready after 1.2 s, and a log of 25 lines.
class ReportTest : public ScratchFolderTest {
 protected:
  ReportTest() : facts_{spec_, life_} {
    spec_.state_dir = root_;
    spec_.name = "api";
    facts_.crash = {7, false, "/w"};
    spec_.start_timeout = seconds(30);
    write_log(0);
    restart(ReadyKind::kNotify);
  }

  void restart(ReadyKind kind) {
    spec_.ready = {{kind, {}, {}}};
    life_ = Lifecycle(spec_, now_);
  }

  void write_log(int lines) {
    std::string text;
    for (int i = 1; i <= lines; ++i) text += "line " + std::to_string(i) + "\n";
    write_file_atomically(spec_.state_dir + "/log", text);
  }

  void make_ready() { life_.conditions_hold(now_ += milliseconds(1200)); }
  void stop() { life_.stop(Cause::kAsked, now_ += seconds(5)); }
  void end(const EndStatus& status) { life_.main_ended(status, now_ += milliseconds(12)); }

  std::string start_message() const { return start_error(facts_).message(); }
  std::string stop_message() const {
    try {
      return stop_report(facts_);
    } catch (const Error& error) {
      EXPECT_EQ(error.exit_code(), 1);
      return error.message();
    }
  }
  std::string empty_log() const { return "log is empty: " + spec_.state_dir + "/log\n"; }

  TimePoint now_{seconds(1000)};
  Spec spec_;
  Lifecycle life_{spec_, now_};
  ReportFacts facts_;
};

TEST_F(ReportTest, Ready) {
  make_ready();
  EXPECT_EQ(start_report(facts_), "api: ready after 1.2 s\n");
  facts_.address = "[::1]:80";
  EXPECT_EQ(start_report(facts_), "api: ready after 1.2 s at [::1]:80\n");
}

TEST_F(ReportTest, EarlyExitWithTheEndOfTheLog) {
  write_log(25);
  end(kThree);
  std::string expected =
      "gentle: error: start service 'api': it ended before it was ready: exit status 3 after "
      "12 ms\nlast lines of its log, " +
      spec_.state_dir + "/log:\n";
  for (int i = 6; i <= 25; ++i) expected += "  | line " + std::to_string(i) + "\n";
  EXPECT_EQ(start_message(), expected);
}

TEST_F(ReportTest, EarlyExitBecauseOfAStranger) {
  facts_.port_holder = "port 80 is taken by pid 7 (nginx)";
  end(kThree);
  EXPECT_EQ(start_message(),
            "gentle: error: start service 'api': it ended before it was ready: exit status 3 after "
            "12 ms; port 80 is taken by pid 7 (nginx)\n" +
                empty_log());
}

TEST_F(ReportTest, EarlyExitThatLooksLikeADaemonOrAOneShot) {
  end(kZero);
  EXPECT_NE(start_message().find("\nhint: run it in the foreground (no daemon mode), or say READY "
                                 "EXIT if it is a one-shot\n"),
            std::string::npos);
}

TEST_F(ReportTest, OneShotWithABadEnd) {
  restart(ReadyKind::kExit);
  end({true, SIGSEGV});
  EXPECT_EQ(start_message(),
            "gentle: error: start service 'api': it crashed before it was ready: SIGSEGV after "
            "12 ms\n" +
                empty_log() + "hint: " + core_hint({7, false, "/w"}, core_dumps()) + "\n");
  EXPECT_EQ(outcome_of(facts_), Outcome::kCrashed);
}

TEST_F(ReportTest, Timeout) {
  facts_.unmet_conditions = {"TCP port 80 (http): nobody listens", "file /x: no such file"};
  life_.time_passed(now_ += seconds(30));
  EXPECT_EQ(start_message(),
            "gentle: error: start service 'api': not ready within 30 s\n"
            "  waiting for TCP port 80 (http): nobody listens\n"
            "  waiting for file /x: no such file\n" +
                empty_log() +
                "hint: correct READY, or give it more time: START_TIMEOUT <seconds>\n");
}

TEST_F(ReportTest, ItsLogWasRemoved) {
  ::unlink((root_ + "/log").c_str());
  life_.time_passed(now_ += seconds(30));
  EXPECT_NE(start_message().find("\nlog was removed: " + root_ + "/log\n"), std::string::npos);
}

TEST_F(ReportTest, TimeoutWithAVariableAsAShellHasIt) {
  life_.time_passed(now_ += seconds(30));
  const auto hint = [&](std::vector<std::string> command) {
    spec_.command = std::move(command);
    const std::string message = start_message();
    return message.substr(message.find("hint: "));
  };
  EXPECT_EQ(hint({"server", "--port=${API_HTTP_PORT}/"}),
            "hint: COMMAND passes '--port=${API_HTTP_PORT}/' as it is; write @API_HTTP_PORT@\n");
  EXPECT_EQ(hint({"server", "$API_PORT"}),
            "hint: COMMAND passes '$API_PORT' as it is; write @API_PORT@\n");
  const std::string usual = "hint: correct READY, or give it more time: START_TIMEOUT <seconds>\n";
  EXPECT_EQ(hint({"/bin/sh", "-c", "server $API_PORT"}), usual);
  EXPECT_EQ(hint({"server", "$HOME", "$OTHER_API_PORT"}), usual);
}

TEST_F(ReportTest, StoppedBeforeItWasReady) {
  stop();
  EXPECT_EQ(start_message(),
            "gentle: error: start service 'api': it was stopped before it was ready\n");
}

TEST_F(ReportTest, GoodEnd) {
  make_ready();
  stop();
  end(kZero);
  life_.tree_is_empty(now_ += milliseconds(99));
  EXPECT_EQ(stop_message(), "api: stopped by SIGINT after 12 ms: exit status 0\n");
}

TEST_F(ReportTest, GoodEndOfMainLongBeforeTheRest) {
  make_ready();
  stop();
  end(kZero);
  life_.tree_is_empty(now_ += milliseconds(2500));
  EXPECT_EQ(stop_message(),
            "api: stopped by SIGINT after 12 ms: exit status 0; what it left ended 2.5 s later\n");
}

TEST_F(ReportTest, OneShotThatHadEnded) {
  restart(ReadyKind::kExit);
  end(kZero);
  make_ready();
  stop();
  EXPECT_EQ(stop_message(), "api: had ended by itself, as READY EXIT says: exit status 0\n");
}

TEST_F(ReportTest, OneShotThatHasLeftAServer) {
  restart(ReadyKind::kExit);
  end(kZero);
  make_ready();
  stop();
  life_.tree_is_empty(now_ += seconds(2));
  EXPECT_EQ(stop_message(),
            "api: had ended by itself, as READY EXIT says: exit status 0; what it left was stopped "
            "by SIGINT after 2 s\n");
}

TEST_F(ReportTest, WrongExitStatus) {
  make_ready();
  stop();
  end(kThree);
  EXPECT_EQ(stop_message(),
            "gentle: error: stop service 'api': exit status 3 after SIGINT (12 ms)\n" +
                empty_log() +
                "hint: mend the service's shutdown; if this is its good end: EXIT_CODES 0 3\n");
}

TEST_F(ReportTest, DeathByASignalThatNobodySent) {
  make_ready();
  stop();
  end({true, SIGSEGV});
  EXPECT_EQ(stop_message(),
            "gentle: error: stop service 'api': it crashed by SIGSEGV after SIGINT (12 ms)\n" +
                empty_log() + "hint: " + core_hint({7, false, "/w"}, core_dumps()) + "\n");
  EXPECT_EQ(outcome_of(facts_), Outcome::kCrashed);
}

TEST_F(ReportTest, Progress) {
  EXPECT_EQ(progress_report("api", "", {}, "2 s of 30 s"), "");
  EXPECT_EQ(progress_report("api", "", {"TCP port 80 (http): nobody listens"}, "2 s of 30 s"),
            "api: waiting for TCP port 80 (http): nobody listens; 2 s of 30 s\n");
  EXPECT_EQ(progress_report("api", "the end of ", {"a", "b", "c", "d", "e"}, "7 s of 15 s"),
            "api: waiting for the end of a, b, c and 2 more; 7 s of 15 s\n");
}

TEST_F(ReportTest, OutcomesOfAStart) {
  end(kThree);
  EXPECT_EQ(outcome_of(facts_), Outcome::kFailed);
  restart(ReadyKind::kNotify);
  life_.time_passed(now_ += seconds(30));
  end({true, SIGINT});
  EXPECT_EQ(outcome_of(facts_), Outcome::kNotReady);
  restart(ReadyKind::kNotify);
  life_.stop(Cause::kAbandoned, now_);
  end({true, SIGINT});
  EXPECT_EQ(outcome_of(facts_), Outcome::kInterrupted);
}

TEST_F(ReportTest, OutcomesOfAStop) {
  make_ready();
  end(kThree);
  EXPECT_EQ(outcome_of(facts_), Outcome::kDied);
  for (const Cause cause : {Cause::kAsked, Cause::kAbandoned}) {
    for (const bool deserted : {false, true}) {
      restart(ReadyKind::kNotify);
      make_ready();
      facts_.deserted = deserted;
      life_.stop(cause, now_);
      end(kZero);
      const bool interrupted = cause == Cause::kAbandoned && deserted;
      EXPECT_EQ(outcome_of(facts_), interrupted ? Outcome::kInterrupted : Outcome::kStopped);
    }
  }
  restart(ReadyKind::kNotify);
  make_ready();
  stop();
  end(kThree);
  EXPECT_EQ(outcome_of(facts_), Outcome::kFailed);
}

TEST_F(ReportTest, EarlyDeath) {
  make_ready();
  end(kZero);
  stop();
  EXPECT_EQ(stop_message(),
            "gentle: error: stop service 'api': it had ended by itself: exit status 0, 12 ms after "
            "it was ready\n" +
                empty_log() +
                "hint: a service runs until it is stopped; READY EXIT is for one that ends by "
                "itself\n");
}

TEST_F(ReportTest, Killed) {
  make_ready();
  stop();
  life_.time_passed(now_ += seconds(10));
  life_.time_passed(now_ += seconds(5));
  end({true, SIGKILL});
  facts_.killed = {"7 (api --x)", "8 (worker)"};
  const std::string head =
      "gentle: error: stop service 'api': it did not end within 10 s of SIGINT and 5 s of SIGTERM, "
      "SIGKILL ended it\n  killed: pid 7 (api --x)\n  killed: pid 8 (worker)\n" +
      empty_log();
  EXPECT_EQ(stop_message(), head +
                                "hint: let it handle SIGINT and exit, or give it more time: STOP "
                                "<signal> <seconds>\n");
  facts_.ignored_signal = "SIGINT";
  EXPECT_EQ(stop_message(),
            head + "hint: it ignores SIGINT; name a signal that ends it: STOP SIGTERM 10\n");
}

TEST_F(ReportTest, SigkillDidNotEndIt) {
  make_ready();
  stop();
  life_.time_passed(now_ += seconds(10));
  life_.time_passed(now_ += seconds(5));
  life_.time_passed(now_ += seconds(10));
  facts_.left = {"7 (nginx) of user id 33"};
  EXPECT_EQ(
      stop_message(),
      "gentle: error: stop service 'api': it did not end within 10 s of SIGINT and 5 s of "
      "SIGTERM, and SIGKILL could not end it\n  still runs: pid 7 (nginx) of user id 33\n"
      "hint: gentle cannot end processes of another user: run the service and ctest as the same "
      "user\n");
}

TEST_F(ReportTest, KilledWhatItLeft) {
  make_ready();
  stop();
  end(kZero);
  life_.time_passed(now_ += seconds(10));
  life_.time_passed(now_ += seconds(5));
  EXPECT_EQ(stop_message(),
            "gentle: error: stop service 'api': processes that it left did not end within 10 s of "
            "SIGINT and 5 s of SIGTERM, SIGKILL ended them\n" +
                empty_log() + "hint: let the service wait for its children, or end them itself\n");
}

class CoverageReportTest : public ReportTest {
 protected:
  const Loss too_dark_{Loss::Code::kNotFollowed, "it is too dark"};

  CoverageReportTest() {
    spec_.stop_plan.steps = {{SIGINT, seconds(10)}};
    make_ready();
  }

  void end_well(const EndStatus& status = kZero) {
    stop();
    end(status);
    life_.tree_is_empty(now_);
  }
};

TEST_F(CoverageReportTest, OfAGoodEnd) {
  end_well();
  const std::string without = stop_message();
  EXPECT_EQ(without.find("coverage"), std::string::npos);
  facts_.coverage.written = 1;
  EXPECT_EQ(stop_message(),
            without.substr(0, without.size() - 1) + "; coverage of 1 process: 1 written\n");
}

TEST_F(CoverageReportTest, SaysOnceThatASignalIsNotHandled) {
  end_well({true, SIGINT});
  facts_.unhandled_signal = "SIGINT";
  facts_.coverage.rescued = {{"SIGINT", 2}};
  const std::string told = stop_message();
  EXPECT_TRUE(
      told.ends_with("; coverage of 2 processes: 2 rescued (SIGINT 2)\n"
                     "api: does not handle SIGINT, so its counters are read from its memory; "
                     "a handler that exits would write them\n"))
      << told;
  facts_.coverage.rescued = {{"_exit", 2}};
  EXPECT_EQ(stop_message().find("does not handle"), std::string::npos) << "nothing came of it";
}

TEST_F(CoverageReportTest, OfAOneShot) {
  restart(ReadyKind::kExit);
  end(kZero);
  make_ready();
  stop();
  facts_.coverage.rescued = {{"_exit", 1}};
  EXPECT_EQ(stop_message(),
            "api: had ended by itself, as READY EXIT says: exit status 0; coverage of 1 process: 1 "
            "rescued (_exit)\n");
}

TEST_F(CoverageReportTest, Lost) {
  end_well();
  facts_.coverage.written = 1;
  facts_.coverage.lost = {{too_dark_, 2}, {{Loss::Code::kNotFollowed, "it is too late"}, 1}};
  facts_.coverage.first_lost = {{too_dark_, "pid 7 (./app)"},
                                {{Loss::Code::kNotFollowed, "it is too late"}, "pid 8"}};
  EXPECT_EQ(stop_message(),
            R"(gentle: error: stop service 'api': coverage of 3 of its 4 processes is lost
  2: it is too dark
     the first: pid 7 (./app)
  1: it is too late
     pid 8
hint: let it handle SIGINT and exit, which writes its coverage; or do without: COVERAGE OFF
)");
}

TEST_F(CoverageReportTest, BeforeALossTheEndIsTold) {
  end_well();
  facts_.coverage.written = 1;
  facts_.coverage.rescued = {{"SIGKILL", 2}};
  facts_.coverage.lost = {{too_dark_, 1}};
  const Error error("stop service", "api", "told");
  const std::string told = failed_stop_text(facts_, error);
  EXPECT_TRUE(told.starts_with("api: stopped by SIGINT after ")) << told;
  EXPECT_TRUE(
      told.ends_with("; coverage of 4 processes: 1 written, 2 rescued, 1 lost\n" + error.message()))
      << told;
}

TEST_F(CoverageReportTest, AnErrorOfABadEndTellsIt) {
  end_well(kThree);
  facts_.coverage.lost = {{too_dark_, 1}};
  const Error error("stop service", "api", "told");
  EXPECT_EQ(failed_stop_text(facts_, error), error.message());
}

TEST_F(CoverageReportTest, LostByExec) {
  end_well();
  facts_.coverage.lost = {{{Loss::Code::kExec, ""}, 1}};
  const std::string told = stop_message();
  EXPECT_TRUE(
      told.ends_with("\nhint: call __gcov_dump() or __llvm_profile_write_file() before exec; "
                     "or do without: COVERAGE OFF\n"))
      << told;
  facts_.coverage.lost[{Loss::Code::kNotFollowed, "it is too late"}] = 1;
  EXPECT_NE(stop_message().find("\nhint: let it handle SIGINT"), std::string::npos);
}

TEST_F(CoverageReportTest, ABadEndIsToldFirst) {
  end_well(kThree);
  facts_.coverage.lost = {{too_dark_, 1}};
  const std::string told = stop_message();
  EXPECT_TRUE(told.starts_with("gentle: error: stop service 'api': exit status 3 after SIGINT ("))
      << told;
  EXPECT_NE(told.find("\n  coverage of 1 process: 1 lost (it is too dark)\n"), std::string::npos)
      << told;
}

}  // namespace
}  // namespace gentle
