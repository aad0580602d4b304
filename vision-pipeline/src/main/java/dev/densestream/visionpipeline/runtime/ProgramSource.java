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
import java.util.stream.Stream;

/**
 * A program's text, and the way from a line the engine names back to a line of the resource.
 *
 * <p>The engine reads one class whose methods name {@code self}; a resource holds plain functions.
 * The rewriting keeps lines where they are.
 */
record ProgramSource(List<Part> parts) {
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

  /** One resource's text, its last line ended. */
  private record Part(String resource, String text) {
    long lines() {
      return text.lines().count();
    }
  }

  static ProgramSource read(Class<?> owner, String resource, String... more) {
    return new ProgramSource(
        Stream.concat(Stream.of(resource), Stream.of(more))
            .map(name -> new Part(name, read(owner, name)))
            .toList());
  }

  private static String read(Class<?> owner, String resource) {
    try (InputStream in = owner.getResourceAsStream(resource)) {
      if (in == null) {
        throw new TensorProgramException(
            "program " + resource + " is missing beside " + owner.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing() + "\n";
    } catch (IOException e) {
      throw new TensorProgramException("program " + resource + " cannot be read", e);
    }
  }

  /** The first text's name, which the whole goes by. */
  String resource() {
    return parts.getFirst().resource();
  }

  /** What the engine compiles. */
  String asClass() {
    String text = parts.stream().map(Part::text).collect(Collectors.joining());
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
    String where = place.find() ? in(place.group(1), ", ") : resource();
    return new TensorProgramException(
        "program " + where + " does not compile: " + firstLine(report), cause);
  }

  /** The engine's complaint about a call, innermost place first. */
  TensorProgramException runError(String method, RuntimeException cause) {
    String report = String.valueOf(cause.getMessage());
    List<String> places =
        PLACE.matcher(report).results().map(m -> m.group(2) + line(m.group(1))).toList();
    String where = places.isEmpty() ? method : String.join(", called from ", places.reversed());
    int error = report.lastIndexOf("RuntimeError: ");
    String message = firstLine(error < 0 ? report : report.substring(error + 14));
    return new TensorProgramException(
        "program " + resource() + " failed in " + where + ": " + message, cause);
  }

  /** The text that a line of the class is from, and the line in it. */
  private String in(String engineLine, String between) {
    long line = Long.parseLong(engineLine) - HEADER_LINES;
    for (Part part : parts) {
      if (line <= part.lines()) {
        return part.resource() + between + "line " + line;
      }
      line -= part.lines();
    }
    return resource();
  }

  /** The same, the text named only where it is not the one the program goes by. */
  private String line(String engineLine) {
    String place = in(engineLine, " ");
    return place.startsWith(resource() + " ")
        ? place.substring(resource().length())
        : " in " + place;
  }

  private static String firstLine(String report) {
    return report.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
  }
}
