#include "cli/command_line.h"
#include "os/descriptors.h"
#include "os/process_title.h"
#include "os/signals.h"

int main(int argc, char** argv) {
  gentle::occupy_standard_descriptors();
  gentle::correct_inherited_signals();
  gentle::keep_for_title(argc, argv);
  return gentle::run_command_line(argc, argv);
}
