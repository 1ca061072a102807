#include "model/variables.h"

#include "base/error.h"
#include "model/nearest.h"

namespace gentle {
namespace {

bool is_name_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

std::string joined_names(const Variables& variables) {
  std::string text;
  for (const auto& entry : variables) {
    if (!text.empty()) text += ", ";
    text += entry.first;
  }
  return text.empty() ? "none" : text;
}

[[noreturn]] void throw_unknown(const std::string& name, const Variables& variables,
                                const std::string& where) {
  std::vector<std::string> known;
  for (const auto& entry : variables) known.push_back(entry.first);
  const std::string near = nearest(name, known);
  std::string cause = "no variable has this name";
  if (!near.empty()) cause += ", did you mean '@" + near + "@'?";
  throw Error("replace in " + where, "@" + name + "@", cause)
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

std::string scratch_dir(const Spec& spec) { return spec.state_dir + "/dir"; }
std::string log_path(const Spec& spec) { return spec.state_dir + "/log"; }

Variables service_variables(const Spec& spec, const ServiceAddress& address) {
  const std::string prefix = variable_prefix(spec.name);
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
    std::size_t length = 0;
    while (length < text.size() && is_name_character(text[length])) ++length;
    if (length == text.size() || text[length] != '@') {
      result += '@';  // stands for itself
      continue;
    }
    const std::string name(text.substr(0, length));
    text.remove_prefix(length + 1);
    if (name.empty()) {
      result += '@';
    } else if (const auto known = variables.find(name); known != variables.end()) {
      result += known->second;
    } else {
      throw_unknown(name, variables, where);
    }
  }
  return result;
}

}  // namespace gentle
