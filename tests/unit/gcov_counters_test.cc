#include "coverage/gcov/gcov_counters.h"

#include <gtest/gtest.h>

#include <functional>
#include <initializer_list>
#include <map>
#include <string>

#include "cause_of_error.h"
#include "fake_memory.h"

namespace gentle {
namespace {

// An image of one segment, at 0x10000 of its file, mapped 0x400000 higher.
constexpr std::uint64_t kBias = 0x400000;
constexpr std::uint64_t kStart = 0x10000;
constexpr std::uint64_t kSize = 0x1000;
constexpr std::uint64_t kRoot = 0x10000;
constexpr std::uint64_t kFirst = 0x10100;   // struct gcov_info
constexpr std::uint64_t kSecond = 0x10200;  // struct gcov_info
constexpr std::uint64_t kList = 0x10300;    // functions of the first
constexpr std::uint64_t kOwn = 0x10400;     // struct gcov_fn_info
constexpr std::uint64_t kOther = 0x10480;   // struct gcov_fn_info, of the second
constexpr std::uint64_t kValues = 0x10500;
constexpr std::uint64_t kPath = 0x10600;
constexpr std::uint64_t kMaster = 0x10a00;   // struct gcov_master
constexpr std::uint64_t kStack = 0x10b00;    // top of a stack
constexpr std::uint64_t kDumpOne = 0x20000;  // a function
constexpr std::uint32_t kGcc11 = 0x4231332a;
constexpr std::uint32_t kGcc12 = 0x4232322a;
constexpr std::uint32_t kGcc14 = 0x4234322a;
constexpr std::uint32_t kGcc15 = 0x4235322a;

class Image {
 public:
  explicit Image(std::uint32_t version, unsigned merge_functions) : merge_(merge_functions) {
    pointer(kRoot, kFirst);
    info(kFirst, version, kSecond, 2, kList);
    info(kSecond, version, 0, 1, kList + 8);
    pointer(kList, kOwn);
    pointer(kList + 8, kOther);
    function(kOwn, kFirst, 2, kValues);
    function(kOther, kSecond, 1, kValues + 16);
    number(kValues, 5);
    number(kValues + 16, 7);
    bytes_.replace(kPath - kStart, 9, std::string("/b/a.gcda").c_str(), 9);
  }

  void grow(std::size_t more) { bytes_.resize(bytes_.size() + more); }

  void number(std::uint64_t at, std::uint64_t value, int size = 8) {
    for (int i = 0; i < size; ++i) {
      bytes_[at - kStart + static_cast<std::uint64_t>(i)] =
          static_cast<char>(value >> 8 * i & 0xff);
    }
  }
  void pointer(std::uint64_t at, std::uint64_t to) { number(at, to == 0 ? 0 : to + kBias); }
  std::uint64_t count_of(std::uint64_t info) const { return info + 32 + merge_ * 8; }

  GcovCounters read() const {
    return read_gcov_counters(FakeMemory(kStart + kBias, bytes_), elf(), kBias, {kRoot, 32});
  }

  std::vector<std::uint64_t> find_roots() const {
    return find_gcov_roots(FakeMemory(kStart + kBias, bytes_), elf(), kBias);
  }

  std::uint64_t find_written_root() const {
    return find_written_gcov_root(FakeMemory(kStart + kBias, bytes_), elf(), kBias);
  }

  bool is_dumping_with(std::uint64_t stack_pointer) const {
    ElfImage image = elf();
    image.functions = {{RuntimeFunction::kGcovExit, {kDumpOne - 100, 10}, 1},
                       {RuntimeFunction::kGcovDumpOne, {kDumpOne, 40}, 1}};
    return is_dumping(FakeMemory(kStart + kBias, bytes_), image, kBias, stack_pointer + kBias);
  }

  std::string cause() const {
    return cause_of_error([this] { read(); });
  }

 private:
  ElfImage elf() const {
    ElfImage image;
    image.position_independent = true;
    image.segments.push_back({0, kStart, bytes_.size(), bytes_.size(), true});
    return image;
  }

  void info(std::uint64_t at, std::uint32_t version, std::uint64_t next, std::uint32_t count,
            std::uint64_t functions) {
    number(at, version, 4);
    pointer(at + 8, next);
    number(at + 16, 77, 4);
    number(at + 20, 99, 4);
    pointer(at + 24, kPath);
    pointer(at + 32, 0x10700);  // merge[0]
    number(count_of(at), count, 4);
    pointer(count_of(at) + 8, functions);
  }

  void function(std::uint64_t at, std::uint64_t key, std::uint32_t count, std::uint64_t values) {
    pointer(at, key);
    number(at + 8, 1, 4);
    number(at + 12, 2, 4);
    number(at + 16, 3, 4);
    number(at + 24, count, 4);
    pointer(at + 32, values);
  }

  unsigned merge_;
  std::string bytes_ = std::string(kSize, '\0');
};

TEST(GcovCounters, ReadsEachVersionsLayout) {
  const std::map<std::uint32_t, unsigned> merge_functions = {
      {kGcc11, 8}, {kGcc12, 8}, {kGcc14, 9}, {kGcc15, 10}};
  for (const auto& [version, count] : merge_functions) {
    const GcovCounters counters = Image(version, count).read();
    ASSERT_EQ(counters.objects.size(), 2U);
    const Gcda& first = counters.objects[0].data;
    EXPECT_EQ(counters.objects[0].path, "/b/a.gcda");
    EXPECT_EQ(first.version, version);
    EXPECT_EQ(first.stamp, 77U);
    EXPECT_EQ(first.checksum, version == kGcc11 ? 0U : 99U);
    EXPECT_EQ(first.runs, 1U);
    EXPECT_EQ(first.sum_max, 7U);
    EXPECT_EQ(first.counters, (std::vector<std::int64_t>{5, 0}));
    ASSERT_EQ(first.functions.size(), 2U);
    EXPECT_EQ(first.functions[0], (GcdaFunction{true, 1, 2, 3, {2, 0, 0}}));
    EXPECT_EQ(first.functions[1], GcdaFunction{}) << "the second object's";
    EXPECT_EQ(counters.objects[1].data.counters, (std::vector<std::int64_t>{7}));
    EXPECT_EQ(parse_gcda(serialize(first), "again"), first);
    EXPECT_EQ(counters.ranges, (std::vector<CounterRange>{{kValues + kBias, 24}}));
  }
}

TEST(GcovCounters, ReadsConditionsAndPaths) {
  Image image(kGcc15, 10);
  image.pointer(kFirst + 32 + 8 * 8, 0x10700);
  image.pointer(kFirst + 32 + 9 * 8, 0x10700);
  image.number(kOwn + 40, 1, 4);
  image.pointer(kOwn + 48, kValues + 64);
  image.number(kValues + 64, 6);
  const Gcda data = image.read().objects.at(0).data;
  EXPECT_EQ(data.kinds, (std::array<bool, kCounterKinds>{true, true, true}));
  EXPECT_EQ(data.functions[0].counts, (std::array<std::uint32_t, kCounterKinds>{2, 1, 0}));
  EXPECT_EQ(data.counters, (std::vector<std::int64_t>{5, 0, 6}));
}

TEST(GcovCounters, ReadsItsFlags) {
  Image image(kGcc12, 8);
  image.number(kRoot + 8, 1, 4);
  EXPECT_TRUE(image.read().state.dumped);
  EXPECT_FALSE(image.read().state.run_counted);
  image.number(kRoot + 8, 2, 4);
  EXPECT_FALSE(image.read().state.dumped);
  EXPECT_TRUE(image.read().state.run_counted);
  EXPECT_EQ(image.read().objects.at(0).data.runs, 0U);
}

TEST(GcovCounters, AnEmptyListIsNoError) {
  Image image(kGcc12, 8);
  image.pointer(kRoot, 0);
  EXPECT_TRUE(image.read().objects.empty());
}

TEST(GcovCounters, NamesWhatIsNotAsLibgcovMakesIt) {
  const auto with = [](const std::function<void(Image&)>& change) {
    Image image(kGcc12, 8);
    change(image);
    return image.cause();
  };
  const std::string out = "a pointer leads out of the program";
  EXPECT_EQ(with([](Image&) {}), "");
  EXPECT_EQ(with([](Image& image) { image.pointer(kSecond + 8, kFirst); }),
            "its list of objects goes in a circle");
  EXPECT_EQ(with([](Image& image) { image.pointer(kSecond + 8, kSecond); }),
            "its list of objects goes in a circle");
  EXPECT_EQ(with([](Image& image) { image.number(kFirst, 0x4239302a, 4); }),
            "it was compiled by GCC 19.0, known are GCC 11 to 16");
  EXPECT_EQ(with([](Image& image) { image.number(kFirst, 0, 4); }),
            "it was compiled by version 0x00000000, known are GCC 11 to 16");
  EXPECT_EQ(with([](Image& image) { image.pointer(kFirst + 32 + 3 * 8, 0x10700); }),
            "'/b/a.gcda' was compiled with -fprofile-generate, not only with --coverage");
  EXPECT_EQ(with([](Image& image) { image.pointer(kFirst + 24, kPath + 9); }),
            "the path of an object is no text");
  for (const std::uint64_t at :
       {kRoot, kFirst + 8, kFirst + 24, kFirst + 32 + 8 * 8 + 8, kList, kOwn + 32}) {
    EXPECT_EQ(with([at](Image& image) { image.pointer(at, kStart + kSize); }), out) << at;
    EXPECT_EQ(with([at](Image& image) { image.number(at, ~std::uint64_t{0}); }), out) << at;
  }
  EXPECT_EQ(with([](Image& image) { image.number(image.count_of(kFirst), 0xffffffff, 4); }), out);
  EXPECT_EQ(with([](Image& image) { image.number(kOwn + 24, 0xffffffff, 4); }), out);
}

TEST(GcovCounters, LimitsWhatIsCountedManyTimes) {
  Image image(kGcc12, 8);
  image.number(image.count_of(kFirst), 64, 4);
  for (std::uint64_t i = 0; i < 64; ++i) image.pointer(kPath + 64 + i * 8, kOwn);
  image.pointer(image.count_of(kFirst) + 8, kPath + 64);
  image.number(kOwn + 24, 32, 4);
  EXPECT_EQ(image.cause(), "it has more counters than it has room for");
  Image lists(kGcc12, 8);
  lists.number(lists.count_of(kFirst), 300, 4);
  lists.number(lists.count_of(kSecond), 300, 4);
  lists.pointer(lists.count_of(kFirst) + 8, kStart + 0x680);
  lists.pointer(lists.count_of(kSecond) + 8, kStart + 0x680);
  EXPECT_EQ(lists.cause(), "it has too many functions");
}

TEST(GcovCounters, FindsRootsByTheirList) {
  Image image(kGcc12, 8);
  EXPECT_TRUE(image.find_roots().empty());
  image.number(kMaster, kGcc12);
  EXPECT_TRUE(image.find_roots().empty()) << "a master that is not in use";
  image.pointer(kMaster + 8, kRoot);
  EXPECT_EQ(image.find_roots(), (std::vector<std::uint64_t>{kRoot + kBias}));
  image.pointer(kRoot + 16, 0x10800);
  EXPECT_EQ(image.find_roots(), (std::vector<std::uint64_t>{kRoot + kBias, 0x10800 + kBias}));
  image.pointer(0x10800 + 16, kRoot);
  EXPECT_EQ(image.find_roots().size(), 2U) << "a circle";
  image.pointer(kRoot + 16, kStart + kSize);
  EXPECT_EQ(image.find_roots().size(), 1U) << "out of all memory";
}

TEST(GcovCounters, FindsTheRootThatItsMasterHasNoMore) {
  Image image(kGcc12, 8);
  EXPECT_EQ(image.find_written_root(), 0U) << "it has not written";
  image.number(kRoot + 8, 1, 4);
  EXPECT_EQ(image.find_written_root(), kRoot + kBias);
  image.number(kRoot + 8, 3, 4);
  EXPECT_EQ(image.find_written_root(), kRoot + kBias);
  image.number(kRoot + 8, 5, 4);
  EXPECT_EQ(image.find_written_root(), 0U) << "no flags of a root";
  image.number(kRoot + 8, 1, 4);
  image.number(kFirst, 77, 4);
  EXPECT_EQ(image.find_written_root(), 0U) << "an object of no known version";
  image.pointer(kRoot, kStart + kSize);
  EXPECT_EQ(image.find_written_root(), 0U) << "out of the image";
}

TEST(GcovCounters, FindsAMasterBehindMuchOtherData) {
  constexpr std::size_t kMuch = std::size_t{80} << 20;
  Image image(kGcc12, 8);
  image.grow(kMuch);
  const std::uint64_t master = kStart + kMuch;
  image.number(master, kGcc12);
  image.pointer(master + 8, kRoot);
  EXPECT_EQ(image.find_roots(), (std::vector<std::uint64_t>{kRoot + kBias}));
}

TEST(GcovCounters, TakesNothingElseForAMaster) {
  const auto roots_with = [](const std::function<void(Image&)>& change) {
    Image image(kGcc12, 8);
    image.number(kMaster, kGcc12);
    image.pointer(kMaster + 8, kRoot);
    change(image);
    return image.find_roots().size();
  };
  EXPECT_EQ(roots_with([](Image&) {}), 1U);
  EXPECT_EQ(roots_with([](Image& image) { image.number(kMaster, kGcc14); }), 0U);
  EXPECT_EQ(roots_with([](Image& image) { image.number(kMaster + 4, 1, 4); }), 0U);
  EXPECT_EQ(roots_with([](Image& image) { image.pointer(kMaster + 8, kRoot + 4); }), 0U);
  EXPECT_EQ(roots_with([](Image& image) { image.pointer(kMaster + 8, kStart + kSize); }), 0U);
  EXPECT_EQ(roots_with([](Image& image) { image.pointer(kRoot + 24, kFirst); }), 0U);
  EXPECT_EQ(roots_with([](Image& image) { image.number(kRoot + 8, 4, 4); }), 0U);
  EXPECT_EQ(roots_with([](Image& image) { image.number(kFirst, kGcc14, 4); }), 0U);
}

TEST(GcovCounters, TellsADumpByTheStack) {
  Image image(kGcc12, 8);
  EXPECT_FALSE(image.is_dumping_with(kStack));
  image.pointer(kStack + 64, kDumpOne + 20);
  EXPECT_TRUE(image.is_dumping_with(kStack));
  EXPECT_FALSE(image.is_dumping_with(kStack + 72)) << "what is left below the stack";
  image.pointer(kStack + 64, kDumpOne);
  EXPECT_FALSE(image.is_dumping_with(kStack)) << "nobody goes back to its beginning";
  image.pointer(kStack + 64, kDumpOne + 40);
  EXPECT_FALSE(image.is_dumping_with(kStack)) << "the next function";
  EXPECT_FALSE(image.is_dumping_with(kStart + kSize)) << "no stack";
}

}  // namespace
}  // namespace gentle
