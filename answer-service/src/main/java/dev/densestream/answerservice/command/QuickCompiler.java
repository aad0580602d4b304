package dev.densestream.answerservice.command;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Leaves the JVM's optimising compiler out of all but steps of few rows: it takes a third of the
 * processor time of a start, and what else runs long here is native code. The running JVM is asked
 * for it. Whoever sets {@code -XX:TieredStopAtLevel} decides, as the launcher does for commands
 * that soon end.
 */
final class QuickCompiler {
  private static final String OPTION = "TieredStopAtLevel";

  /** The first that fits decides: what is reckoned in Java, by vectors, is compiled. */
  private static final String DIRECTIVES =
      """
      [{match: ["dev/densestream/answerservice/language/vector/*.*", "jdk/incubator/vector/*.*"],
        c2: {Exclude: false}},
       {match: "*.*", c2: {Exclude: true}}]
      """;

  private static final String COMMANDS = "com.sun.management:type=DiagnosticCommand";

  private QuickCompiler() {}

  /** Does nothing on a JVM that knows no such request: it starts more slowly there. */
  static void prefer() {
    try {
      if (undecided()) {
        exclude();
      }
    } catch (IOException | JMException | RuntimeException _) {
      // slower, and as good otherwise
    }
  }

  static boolean undecided() {
    return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .getVMOption(OPTION)
            .getOrigin()
        == VMOption.Origin.DEFAULT;
  }

  private static void exclude() throws IOException, JMException {
    Path directives = Files.createTempFile("densestream-compiler", ".json");
    try {
      Files.writeString(directives, DIRECTIVES);
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName(COMMANDS),
              "compilerDirectivesAdd",
              new Object[] {new String[] {directives.toString()}},
              new String[] {String[].class.getName()});
    } finally {
      Files.delete(directives);
    }
  }
}
