#include "model/language.h"

#include <algorithm>
#include <iterator>

namespace gentle {
namespace {

struct KnownLanguage {
  Language language;
  std::string_view word;
  std::string_view name;
};
constexpr KnownLanguage kLanguages[] = {{Language::kPython, "python", "Python"},
                                        {Language::kNode, "node", "Node"},
                                        {Language::kJava, "java", "Java"}};

}  // namespace

std::optional<Language> find_language(std::string_view word) {
  for (const KnownLanguage& known : kLanguages) {
    if (known.word == word) return known.language;
  }
  return std::nullopt;
}

std::string_view language_name(Language language) {
  return std::find_if(std::begin(kLanguages), std::end(kLanguages),
                      [language](const KnownLanguage& known) { return known.language == language; })
      ->name;
}

std::string language_words() {
  std::string words;
  for (const KnownLanguage& known : kLanguages) {
    words += (words.empty() ? "'" : ", '") + std::string(known.word) + "'";
  }
  return words;
}

}  // namespace gentle
