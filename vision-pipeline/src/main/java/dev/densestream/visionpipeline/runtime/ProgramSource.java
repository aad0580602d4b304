package dev.densestream.visionpipeline.runtime;

import dev.densestream.visionpipeline.MemoryExhaustedException;
import dev.densestream.visionpipeline.ProgramTexts;
import dev.densestream.visionpipeline.TensorProgramException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A program's texts, and the way from a line the engine names back to a line of a resource.
 *
 * <p>The engine reads one class whose methods name {@code self}; a resource holds plain functions.
 * The rewriting keeps lines where they are.
 *
 * @param texts the program's own, then those whose functions it uses
 */
record ProgramSource(List<ProgramText> texts) {
  private static final String HEADER =
      """
      class Net(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
      """;
  private static final int HEADER_LINES = 4;

  /** How allocators of the engine say so: of a processor, of Windows, of C++, of a GPU. */
  private static final List<String> NO_MEMORY =
      List.of(
          "can't allocate memory",
          "not enough memory",
          "bad_alloc",
          "CUDA out of memory",
          "CUDA error: out of memory",
          "STATUS_ALLOC_FAILED");

  private static final Pattern PLACE =
      Pattern.compile("File \"code/__torch__\\.py\", line (\\d+)(?:, in (\\w+))?");

  /**
   * Reads all texts.
   *
   * @param used whose functions are called by their owner's name
   * @throws TensorProgramException if one is missing
   */
  static ProgramSource read(ProgramTexts own, List<ProgramTexts> used) {
    List<ProgramText> texts = new ArrayList<>(read(own, ""));
    used.forEach(program -> texts.addAll(read(program, program.owner().getSimpleName() + "_")));
    return new ProgramSource(List.copyOf(texts));
  }

  private static List<ProgramText> read(ProgramTexts program, String prefix) {
    return program.resources().stream()
        .map(resource -> ProgramText.read(program.owner(), resource, prefix))
        .toList();
  }

  String resource() {
    return texts.getFirst().resource();
  }

  /** What the engine compiles. */
  String asClass() {
    Map<String, List<ProgramText>> byPrefix =
        texts.stream().collect(Collectors.groupingBy(ProgramText::prefix));
    Set<String> names = new TreeSet<>(byPrefix.keySet());
    names.remove("");
    StringBuilder methods = new StringBuilder(HEADER);
    for (ProgramText text : texts) {
      List<String> functions =
          byPrefix.getOrDefault(text.prefix(), List.of()).stream()
              .flatMap(ProgramText::functions)
              .toList();
      methods.append(text.asMethods(functions, names));
    }
    return methods.toString();
  }

  /** The engine's complaint about the text, in one line. */
  TensorProgramException compileError(RuntimeException cause) {
    String report = String.valueOf(cause.getMessage());
    Matcher place = PLACE.matcher(report);
    String where = place.find() ? where(place.group(1)) : resource();
    return new TensorProgramException(
        "program " + where + " does not compile: " + firstLine(report), cause);
  }

  private String where(String engineLine) {
    Place place = place(engineLine);
    return place.resource + ", line " + place.line;
  }

  /** The engine's complaint about a call, innermost place first. */
  RuntimeException runError(String method, RuntimeException cause) {
    String report = String.valueOf(cause.getMessage());
    if (tellsOfNoMemory(cause)) {
      return new MemoryExhaustedException(
          "program " + resource() + " got no memory in " + method, cause);
    }
    List<String> places =
        PLACE
            .matcher(report)
            .results()
            .map(m -> m.group(2) + " line " + place(m.group(1)).line)
            .toList();
    String where = places.isEmpty() ? method : String.join(", called from ", places.reversed());
    int error = report.lastIndexOf("RuntimeError: ");
    String message = firstLine(error < 0 ? report : report.substring(error + 14));
    return new TensorProgramException(
        "program " + resource() + " failed in " + where + ": " + message, cause);
  }

  static boolean tellsOfNoMemory(RuntimeException failure) {
    return NO_MEMORY.stream().anyMatch(String.valueOf(failure.getMessage())::contains);
  }

  private record Place(String resource, int line) {}

  private Place place(String engineLine) {
    int line = Integer.parseInt(engineLine) - HEADER_LINES;
    for (ProgramText text : texts) {
      if (line <= text.lines()) {
        return new Place(text.resource(), line);
      }
      line -= text.lines();
    }
    return new Place(resource(), line);
  }

  private static String firstLine(String report) {
    return report.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
  }
}
