#include "model/variables.h"

#include <algorithm>

#include "base/error.h"
#include "model/nearest.h"

namespace gentle {
namespace {

std::string joined_names(const Variables& variables) {
  std::string text;
  for (const auto& entry : variables) {
    if (!text.empty()) text += ", ";
    text += entry.first;
  }
  return text.empty() ? "none" : text;
}

// "my-api.port" -> "MY_API_PORT": how people write a variable by mistake.
std::string as_variable(std::string_view text) {
  std::string name = variable_prefix(text);
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

bool is_written_like_a_variable(std::string_view name) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::string_view kAll = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  const std::size_t first = name.find_first_not_of('_');
  return first != std::string_view::npos && kLetters.find(name[first]) != std::string_view::npos &&
         name.find_first_not_of(kAll) == std::string_view::npos;
}

// Throws Error for what stands between two @ and is unknown, if it was meant as a variable: it is
// written like one, or like a known one but for capitals and '_'. Anything else stands for itself.
// cmake/GentleFixtures/references.cmake knows the same rules.
void refuse_misspelt(std::string_view name, const Variables& variables, const std::string& where) {
  std::string near;
  std::vector<std::string> known;
  for (const auto& entry : variables) {
    known.push_back(entry.first);
    if (as_variable(entry.first) == as_variable(name)) near = entry.first;
  }
  if (near.empty() && !is_written_like_a_variable(name)) return;
  if (near.empty()) near = nearest(name, known);
  std::string cause = "no variable has this name";
  if (!near.empty()) cause += ", did you mean '@" + near + "@'?";
  throw Error("replace in " + where, "@" + std::string(name) + "@", cause)
      .note("known here: " + joined_names(variables))
      .hint("write @@ for one @, or add the service that gives it to DEPENDS or FIXTURES");
}

}  // namespace

std::string variable_prefix(std::string_view name) {
  std::string prefix;
  for (const char c : name) {
    if (c >= 'a' && c <= 'z') {
      prefix += static_cast<char>(c - 'a' + 'A');
    } else {
      prefix += c == '-' ? '_' : c;
    }
  }
  return prefix;
}

std::string service_prefix(std::string_view service) {
  return variable_prefix(service.substr(service.find_last_of('.') + 1));
}

std::string scratch_dir(const Spec& spec) { return spec.state_dir + "/dir"; }
std::string log_path(const Spec& spec) { return spec.state_dir + "/log"; }
std::string tests_dir(const Spec& spec) { return spec.state_dir + "/tests"; }

Variables service_variables(const Spec& spec, const ServiceAddress& address) {
  const std::string prefix = service_prefix(spec.name);
  Variables variables;
  variables[prefix + "_HOST"] = address.host;
  variables[prefix + "_DIR"] = scratch_dir(spec);
  variables[prefix + "_LOG"] = log_path(spec);
  for (const auto* list : {&spec.ports, &spec.listens}) {
    for (const PortSpec& port : *list) {
      const std::string number = std::to_string(address.ports.at(port.name));
      variables.emplace(prefix + "_PORT", number);  // the first one stays
      variables[prefix + "_" + variable_prefix(port.name) + "_PORT"] = number;
    }
  }
  return variables;
}

void merge_variables(Variables& all, const Variables& more, const std::string& service) {
  for (const auto& [name, value] : more) {
    const auto [known, added] = all.emplace(name, value);
    if (!added && known->second != value) {
      throw Error("merge variables of service", service,
                  "another service gives '" + name + "' a different value")
          .hint("rename the port, the service or the EXPORT that makes '" + name + "'");
    }
  }
}

std::string expand(std::string_view text, const Variables& variables, const std::string& where) {
  std::string result;
  while (!text.empty()) {
    const std::size_t at = text.find('@');
    result += text.substr(0, at);
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + 1);
    const std::size_t end = text.find('@');
    const std::string name(text.substr(0, end));
    const auto known = variables.find(name);
    if (end != std::string_view::npos && (name.empty() || known != variables.end())) {
      result += name.empty() ? "@" : known->second;
      text.remove_prefix(end + 1);
    } else {
      if (end != std::string_view::npos) refuse_misspelt(name, variables, where);
      result += '@';  // stands for itself
    }
  }
  return result;
}

}  // namespace gentle
