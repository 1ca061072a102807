// No process loads it.
package ENDS;

public class Never {
  static int never(boolean really) {
    return really ? 1 : 2; //: -
  }
}
