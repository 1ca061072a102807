// What JaCoCo's own report counts: ByOneBuilder <folder of classes> <source> <class>..., of which these classes were executed
// wholly. A line each: number, whether it is executed, branches covered and missed; then the names of the executed methods.
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IClassCoverage;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.ILine;
import org.jacoco.core.analysis.IMethodCoverage;
import org.jacoco.core.analysis.ISourceFileCoverage;
import org.jacoco.core.data.ExecutionData;
import org.jacoco.core.data.ExecutionDataStore;
import org.jacoco.core.internal.data.CRC64;

public final class ByOneBuilder {
  public static void main(String[] arguments) throws IOException {
    Path folder = Paths.get(arguments[0]);
    ExecutionDataStore executed = new ExecutionDataStore();
    for (String name : Arrays.asList(arguments).subList(2, arguments.length)) {
      boolean[] probes = new boolean[100];
      Arrays.fill(probes, true);
      executed.put(new ExecutionData(CRC64.classId(Files.readAllBytes(folder.resolve(name + ".class"))), name, probes));
    }
    CoverageBuilder builder = new CoverageBuilder();
    new Analyzer(executed, builder).analyzeAll(folder.toFile());
    for (ISourceFileCoverage source : builder.getSourceFiles()) {
      if ((source.getPackageName() + '/' + source.getName()).equals(arguments[1])) {
        tell(source);
      }
    }
    for (IClassCoverage type : builder.getClasses()) {
      for (IMethodCoverage method : type.getMethods()) {
        if ((type.getPackageName() + '/' + type.getSourceFileName()).equals(arguments[1]) && method.getMethodCounter().getCoveredCount() > 0) {
          System.out.println(method.getName());
        }
      }
    }
  }

  private static void tell(ISourceFileCoverage source) {
    for (int number = source.getFirstLine(); number <= source.getLastLine(); number++) {
      ILine line = source.getLine(number);
      if (line.getStatus() != ICounter.EMPTY) {
        System.out.println(number + " " + (line.getInstructionCounter().getCoveredCount() > 0 ? 1 : 0) + " "
            + line.getBranchCounter().getCoveredCount() + " " + line.getBranchCounter().getMissedCount());
      }
    }
  }
}
