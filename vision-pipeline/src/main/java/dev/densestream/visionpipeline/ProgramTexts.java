package dev.densestream.visionpipeline;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;

/**
 * Resources beside a class that together are a program, and share their functions' names.
 *
 * @param resources the first is what the whole goes by
 */
public record ProgramTexts(Class<?> owner, List<String> resources) {
  public ProgramTexts {
    requireNonNull(owner, "owner is null");
    resources = List.copyOf(resources);
    if (resources.isEmpty()) {
      throw new IllegalArgumentException("resources must not be empty");
    }
  }

  /** One resource, and more where a program has functions that differ by use. */
  public static ProgramTexts of(Class<?> owner, String resource, String... parts) {
    return new ProgramTexts(owner, Stream.concat(Stream.of(resource), Stream.of(parts)).toList());
  }
}
