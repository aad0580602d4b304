package dev.densestream.visionpipeline.runtime;

import dev.densestream.visionpipeline.TensorProgramException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One resource of a program: plain functions, rewritten to methods line by line.
 *
 * @param prefix in front of its functions' names, so that two texts may use the same ones
 */
record ProgramText(String resource, String prefix, String text) {
  private static final Pattern DEFINITION = Pattern.compile("(?m)^def (\\w+)\\((\\)?)");
  private static final Pattern TYPE_NAME = Pattern.compile("\\btorch\\.([a-z]+[0-9]*)\\b(?!\\()");

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

  static ProgramText read(Class<?> owner, String resource, String prefix) {
    try (InputStream in = owner.getResourceAsStream(resource)) {
      if (in == null) {
        throw new TensorProgramException(
            "program " + resource + " is missing beside " + owner.getName());
      }
      return new ProgramText(
          resource, prefix, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new TensorProgramException("program " + resource + " cannot be read", e);
    }
  }

  int lines() {
    return (int) text.lines().count();
  }

  /** Names of its functions. */
  Stream<String> functions() {
    return DEFINITION.matcher(text).results().map(m -> m.group(1));
  }

  /**
   * As methods of one class.
   *
   * @param functions of all texts with this prefix
   * @param others prefixes of texts whose functions may be called as {@code Name.function}
   */
  String asMethods(List<String> functions, Set<String> others) {
    String calls = TYPE_NAME.matcher(text).replaceAll(ProgramText::typeNumber);
    if (!functions.isEmpty()) {
      String own = "(?<![\\w.])(?<!def )(" + String.join("|", functions) + ")\\(";
      calls = calls.replaceAll(own, "self." + prefix + "$1(");
    }
    for (String other : others) {
      String name = other.substring(0, other.length() - 1);
      calls = calls.replaceAll("\\b" + name + "\\.(\\w+)\\(", "self." + other + "$1(");
    }
    String methods =
        DEFINITION
            .matcher(calls)
            .replaceAll(
                m -> "def " + prefix + m.group(1) + "(self" + (m.group(2).isEmpty() ? ", " : ")"));
    return methods.lines().map(line -> "  " + line + "\n").collect(Collectors.joining());
  }

  private static String typeNumber(MatchResult name) {
    Integer number = TYPE_NUMBERS.get(name.group(1));
    return Matcher.quoteReplacement(number == null ? name.group() : number.toString());
  }
}
