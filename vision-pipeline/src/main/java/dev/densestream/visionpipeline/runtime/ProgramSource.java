package dev.densestream.visionpipeline.runtime;

import dev.densestream.visionpipeline.TensorProgramException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A program's text, and the way from a line the engine names back to a line of the resource.
 *
 * <p>The engine reads one class whose methods name {@code self}; a resource holds plain functions.
 * The rewriting keeps lines where they are.
 */
record ProgramSource(String resource, String text) {
  private static final String HEADER =
      """
      class Net(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
      """;
  private static final int HEADER_LINES = 4;
  private static final Pattern DEFINITION = Pattern.compile("(?m)^def (\\w+)\\((\\)?)");
  private static final Pattern TYPE_NAME = Pattern.compile("\\btorch\\.([a-z]+[0-9]*)\\b(?!\\()");
  private static final Pattern PLACE =
      Pattern.compile("File \"code/__torch__\\.py\", line (\\d+)(?:, in (\\w+))?");

  /** The dialect has numbers where Python has names. */
  private static final Map<String, Integer> TYPE_NUMBERS =
      Map.of(
          "uint8",
          0,
          "int8",
          1,
          "int16",
          2,
          "int32",
          3,
          "int64",
          4,
          "float16",
          5,
          "float32",
          6,
          "float64",
          7,
          "bool",
          11,
          "bfloat16",
          15);

  static ProgramSource read(Class<?> owner, String resource) {
    try (InputStream in = owner.getResourceAsStream(resource)) {
      if (in == null) {
        throw new TensorProgramException(
            "program " + resource + " is missing beside " + owner.getName());
      }
      return new ProgramSource(resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new TensorProgramException("program " + resource + " cannot be read", e);
    }
  }

  /** What the engine compiles. */
  String asClass() {
    String functions =
        DEFINITION.matcher(text).results().map(m -> m.group(1)).collect(Collectors.joining("|"));
    String named = TYPE_NAME.matcher(text).replaceAll(ProgramSource::typeNumber);
    String calls =
        functions.isEmpty()
            ? named
            : named.replaceAll("(?<![\\w.])(?<!def )(" + functions + ")\\(", "self.$1(");
    String methods =
        DEFINITION
            .matcher(calls)
            .replaceAll(m -> "def " + m.group(1) + (m.group(2).isEmpty() ? "(self, " : "(self)"));
    return HEADER + methods.lines().map(line -> "  " + line + "\n").collect(Collectors.joining());
  }

  private static String typeNumber(MatchResult name) {
    Integer number = TYPE_NUMBERS.get(name.group(1));
    return Matcher.quoteReplacement(number == null ? name.group() : number.toString());
  }

  /** The engine's complaint about the text, in one line. */
  TensorProgramException compileError(RuntimeException cause) {
    String report = String.valueOf(cause.getMessage());
    Matcher place = PLACE.matcher(report);
    String where = place.find() ? ", line " + resourceLine(place.group(1)) : "";
    return new TensorProgramException(
        "program " + resource + where + " does not compile: " + firstLine(report), cause);
  }

  /** The engine's complaint about a call, innermost place first. */
  TensorProgramException runError(String method, RuntimeException cause) {
    String report = String.valueOf(cause.getMessage());
    List<String> places =
        PLACE
            .matcher(report)
            .results()
            .map(m -> m.group(2) + " line " + resourceLine(m.group(1)))
            .toList();
    String where = places.isEmpty() ? method : String.join(", called from ", places.reversed());
    int error = report.lastIndexOf("RuntimeError: ");
    String message = firstLine(error < 0 ? report : report.substring(error + 14));
    return new TensorProgramException(
        "program " + resource + " failed in " + where + ": " + message, cause);
  }

  private static int resourceLine(String engineLine) {
    return Integer.parseInt(engineLine) - HEADER_LINES;
  }

  private static String firstLine(String report) {
    return report.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
  }
}
