// What JaCoCo itself counts: java ByJacoco.java <exec file> <folder of classes> <package>. A line each: number, whether it is executed,
// branches covered and missed.
import java.io.File;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.ILine;
import org.jacoco.core.analysis.ISourceFileCoverage;
import org.jacoco.core.tools.ExecFileLoader;

public final class ByJacoco {
  public static void main(String[] arguments) throws Exception {
    ExecFileLoader loader = new ExecFileLoader();
    loader.load(new File(arguments[0]));
    CoverageBuilder builder = new CoverageBuilder();
    new Analyzer(loader.getExecutionDataStore(), builder).analyzeAll(new File(arguments[1]));
    for (ISourceFileCoverage source : builder.getSourceFiles()) {
      if (!source.getPackageName().equals(arguments[2]) || !source.getName().equals("Server.java")) {
        continue;
      }
      for (int number = source.getFirstLine(); number <= source.getLastLine(); number++) {
        ILine line = source.getLine(number);
        if (line.getStatus() != ICounter.EMPTY) {
          int executed = line.getInstructionCounter().getCoveredCount() > 0 ? 1 : 0;
          System.out.println(number + " " + executed + " " + line.getBranchCounter().getCoveredCount() + " "
              + line.getBranchCounter().getMissedCount());
        }
      }
    }
  }
}
