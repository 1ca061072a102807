#include "cli/declared_services.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>

#include "base/error.h"
#include "base/exit_code.h"
#include "cli/build_folder.h"
#include "model/nearest.h"
#include "os/file.h"
#include "os/process.h"
#include "supervise/client.h"

namespace gentle {
namespace {

constexpr std::string_view kSpec = ".spec";

std::string in_words(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// CMake writes fixtures.cmake beside the specs.
bool has_specs(const std::string& folder) {
  return file_exists(folder + "/fixtures.cmake") || !services_in(folder).empty();
}

std::vector<std::string> configurations_in(const std::string& folder) {
  std::vector<std::string> configurations;
  for (const std::string& name : entries_of(folder)) {
    if (is_folder(folder + "/" + name) && has_specs(folder + "/" + name)) {
      configurations.push_back(name);
    }
  }
  return configurations;
}

// The configurations whose services were started here, as the states tell.
std::set<std::string> used_configurations(const std::string& build, const std::string& folder) {
  std::set<std::string> used;
  for (const FoundService& service : find_services(build, {}).services) {
    const std::string& spec = service.state.spec;
    if (!spec.starts_with(folder + "/")) continue;
    const std::string rest = spec.substr(folder.size() + 1);
    const std::size_t slash = rest.find('/');
    if (slash != std::string::npos) used.insert(rest.substr(0, slash));
  }
  return used;
}

std::string find_configuration(const std::vector<std::string>& known, const std::string& config) {
  for (const std::string& name : known) {
    if (lower_case(name) == lower_case(config)) return name;
  }
  const std::string near = nearest(config, known);
  throw Error("find configuration", config,
              near.empty() ? "the build has none of this name" : "did you mean '" + near + "'?")
      .hint("--config <name>, one of: " + in_words(known))
      .exit_code(kExitUsage);
}

std::string folder_of_specs(const std::string& build, const std::string& config) {
  const std::string folder = build + kDeclared;
  const auto known = configurations_in(folder);
  if (has_specs(folder) || known.empty()) {
    if (config.empty()) return folder;
    throw Error("find configuration", config, "the build has only one, without a name")
        .hint("leave out --config")
        .exit_code(kExitUsage);
  }
  if (!config.empty()) return folder + "/" + find_configuration(known, config);
  if (known.size() == 1) return folder + "/" + known.front();
  if (const auto used = used_configurations(build, folder); used.size() == 1) {
    return folder + "/" + *used.begin();
  }
  throw Error("choose configuration of", build, "it has several: " + in_words(known))
      .hint("name one: --config " + known.front())
      .exit_code(kExitUsage);
}

std::string build_folder_with_specs(const std::string& build) {
  const std::string found = find_build_folder(build);
  if (is_folder(found + kDeclared)) return found;
  throw Error("find services", found, "no project with services is configured here")
      .hint("go to the build folder of one, or name it: --build <dir>")
      .exit_code(kExitUsage);
}

bool is_in(const std::vector<LoadedSpec>& specs, const std::string& path) {
  return std::any_of(specs.begin(), specs.end(),
                     [&](const LoadedSpec& loaded) { return loaded.path == path; });
}

void add_once(std::vector<LoadedSpec>& specs, LoadedSpec spec) {
  if (!is_in(specs, spec.path)) specs.push_back(std::move(spec));
}

bool runs_now(const Spec& spec) {
  const auto state = present_state(spec.state_dir);
  return state && state->boot_id == boot_id() && is_alive(state->supervisor) &&
         state->phase != Phase::kStopped;
}

// Of names only; all of SCOPE RUN if there is no word.
std::vector<std::string> named_specs(const ServiceWords& services) {
  if (services.words.empty()) {
    return DeclaredServices(services.build, services.config).specs_of_run();
  }
  ServiceWords names = services;
  std::erase_if(names.words, is_spec_path);
  return spec_paths(names);
}

std::vector<LoadedSpec> paths_alone(const ServiceWords& services) {
  std::vector<LoadedSpec> specs;
  for (const std::string& word : services.words) {
    if (is_spec_path(word)) add_once(specs, load_spec(absolute_path(word)));
  }
  return specs;
}

}  // namespace

void add_place_options(Options& options, ServiceWords& services) {
  options.option("--build", services.build);
  options.option("--config", services.config);
}

bool is_spec_path(const std::string& word) {
  return word.find('/') != std::string::npos || word.ends_with(kSpec);
}

DeclaredServices::DeclaredServices(const std::string& build, const std::string& config)
    : folder_(folder_of_specs(build_folder_with_specs(build), config)),
      names_(services_in(folder_)) {
  if (!names_.empty()) return;
  throw Error("find services", folder_, "the project declares none")
      .hint("declare one: add_fixture_service(<name> COMMAND <program>), and run cmake")
      .exit_code(kExitUsage);
}

std::string DeclaredServices::spec_of(const std::string& name) const {
  if (std::find(names_.begin(), names_.end(), name) != names_.end()) {
    return folder_ + "/" + name + std::string(kSpec);
  }
  // The services of a project inside another one, <project>.<service>.
  std::vector<std::string> inner;
  std::copy_if(names_.begin(), names_.end(), std::back_inserter(inner),
               [&](const std::string& known) { return known.ends_with("." + name); });
  const std::string near = nearest(name, names_);
  throw Error("find service", name,
              !inner.empty() ? "did you mean '" + inner.front() + "'?"
              : near.empty() ? "the project declares none of this name"
                             : "did you mean '" + near + "'?")
      .hint("the services of this build: " + in_words(names_))
      .exit_code(kExitUsage);
}

std::vector<std::string> DeclaredServices::specs() const {
  std::vector<std::string> paths;
  for (const std::string& name : names_) paths.push_back(spec_of(name));
  return paths;
}

std::vector<std::string> DeclaredServices::specs_of_run() const {
  std::vector<std::string> paths = specs();
  std::erase_if(paths,
                [](const std::string& path) { return load_spec(path).spec.scope == Scope::kTest; });
  if (!paths.empty()) return paths;
  throw Error("find services", folder_, "all of them are of SCOPE TEST: their tests start them")
      .hint("name one to start it all the same")
      .exit_code(kExitUsage);
}

std::vector<std::string> spec_paths(const ServiceWords& services) {
  std::vector<std::string> paths = services.words;
  if (std::all_of(paths.begin(), paths.end(), is_spec_path)) return paths;
  const DeclaredServices declared(services.build, services.config);
  for (std::string& word : paths) {
    if (!is_spec_path(word)) word = declared.spec_of(word);
  }
  return paths;
}

std::vector<std::string> service_names(std::vector<std::string> words) {
  for (std::string& word : words) {
    if (is_spec_path(word)) word = load_spec(word).spec.name;
  }
  return words;
}

void order_by_dependencies(std::vector<LoadedSpec>& services) {
  std::vector<std::string> paths;
  for (const LoadedSpec& service : services) paths.push_back(service.path);
  services = load_closure(paths);
  std::erase_if(services, [&](const LoadedSpec& loaded) {
    return std::find(paths.begin(), paths.end(), loaded.path) == paths.end();
  });
}

std::vector<LoadedSpec> chosen_with_dependencies(const ServiceWords& services) {
  std::vector<LoadedSpec> specs = load_closure(named_specs(services));
  for (LoadedSpec& spec : paths_alone(services)) add_once(specs, std::move(spec));
  return specs;
}

std::vector<LoadedSpec> chosen_users_first(const ServiceWords& services) {
  const auto named = named_specs(services);
  std::vector<LoadedSpec> specs = load_closure(named);
  std::erase_if(specs, [&](const LoadedSpec& loaded) {
    return std::find(named.begin(), named.end(), loaded.path) == named.end();
  });
  for (LoadedSpec& spec : paths_alone(services)) add_once(specs, std::move(spec));
  std::reverse(specs.begin(), specs.end());
  return specs;
}

std::vector<LoadedSpec> running_users(const ServiceWords& services,
                                      const std::vector<LoadedSpec>& used) {
  const auto is_name = [](const std::string& word) { return !is_spec_path(word); };
  const auto& words = services.words;
  if (!words.empty() && std::none_of(words.begin(), words.end(), is_name)) return {};
  std::vector<LoadedSpec> all =
      load_closure(DeclaredServices(services.build, services.config).specs());
  std::vector<LoadedSpec> users;  // what is used comes before its users
  for (LoadedSpec& loaded : all) {
    const auto& depends = loaded.spec.depends;
    const bool uses = std::any_of(depends.begin(), depends.end(), [&](const std::string& path) {
      return is_in(used, path) || is_in(users, path);
    });
    if (uses && !is_in(used, loaded.path)) users.push_back(std::move(loaded));
  }
  std::erase_if(users, [](const LoadedSpec& loaded) { return !runs_now(loaded.spec); });
  std::reverse(users.begin(), users.end());
  return users;
}

}  // namespace gentle
