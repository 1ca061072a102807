// What the recorder of a Java process has written (assets/java): the probes of JaCoCo that it has
// executed, by class. The comment on top of the recorder's GentleHits.java describes both files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gentle {

struct JavaClass {
  std::string id;            // JaCoCo's, in hexadecimal digits
  std::string name;          // "com/acme/Server"
  std::string location;      // the folder or jar that it comes from
  std::vector<bool> probes;  // those that were executed
};

struct UnrecordedJavaClass {
  std::uint32_t reason = 0;
  std::string name;
  std::string location;
};

// Loaded, and not recorded: the project had no source for them when coverage was reset.
struct SourcelessJavaClasses {
  std::string source;  // "com/lib/Tool.java"; "+com/lib/Tool.kt": they only have copies of it
  std::string location;
};

struct JavaHits {
  std::vector<JavaClass> classes;
  std::vector<UnrecordedJavaClass> unrecorded;
  std::vector<SourcelessJavaClasses> sourceless;
};

// A hits file that its process had no time to begin holds nothing. Throws Error, which names
// `path`, if a file is not what the recorder writes.
JavaHits read_java_hits(std::string_view hits, std::string_view names, const std::string& path);

}  // namespace gentle
