// Languages whose processes record what they execute by themselves: COVERAGE <language>.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gentle {

enum class Language { kPython, kNode, kJava };

// "python", as COVERAGE spells it; nothing for another word.
std::optional<Language> find_language(std::string_view word);

// "Python", for people.
std::string_view language_name(Language language);

// "python" or ...: all that there are, for messages.
std::string language_words();

}  // namespace gentle
