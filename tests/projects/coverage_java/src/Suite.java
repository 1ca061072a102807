// A test in Java: its own lines count, too.
package suite;

public class Suite { //: -
  public static void main(String[] arguments) {
    System.out.println(arguments.length > 0 ? "some" : "none");
  }
}
