#include "parts.h"

int never_run(int number) {
  switch (number) {
    case 1:
      return 2;
    case 2:
      return 1;
    default:
      return checked(number);
  }
}
