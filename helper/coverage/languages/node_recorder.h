// Has the processes of a service or a test record which lines of JavaScript they execute: by a
// module (assets/node) that NODE_OPTIONS names, and that each Node loads when it starts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"

namespace gentle {

// Writes the recorder below the coverage folder of the build, where it stays. Returns its folder.
std::string install_node_recorder(const std::string& coverage_folder);

// The user's NODE_OPTIONS stay, behind ours. The hits of process <pid> go into <hits>/<pid>/.
void add_node_recorder(Environment& environment, const std::string& recorder,
                       const std::string& hits);

// By the name of its program: node, nodejs, node20, node-22.
bool is_node(std::string_view program);

// Whether it only tells of itself, as `node --version` does, or starts another Node: it loads no
// module.
bool tells_of_node(const std::vector<std::string>& arguments);

// Of a process that has just executed Node: "" if the recorder in this folder starts, or why not.
// `options` is its NODE_OPTIONS.
std::string why_no_node_recorder(std::string_view options, std::string_view recorder);

}  // namespace gentle
