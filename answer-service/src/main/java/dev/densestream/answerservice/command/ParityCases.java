package dev.densestream.answerservice.command;

import dev.densestream.answerservice.parity.LanguageParity;
import dev.densestream.framesampler.FrameParity;
import dev.densestream.framesampler.ParityResult;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.VisionParity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The cases of a folder of fixtures, and who can run them. */
final class ParityCases {
  private static final String FRAMES = "frames";

  /** Folders that hold what cases are made from. */
  private static final Set<String> MATERIAL = Set.of("images", "vision");

  private ParityCases() {}

  /** As the manifest lists them; without one, the sub-folders. */
  static List<String> in(Path folder) {
    Path manifest = folder.resolve("manifest.json");
    if (Files.isRegularFile(manifest)) {
      List<String> cases = new ArrayList<>();
      for (JsonNode entry : JsonMapper.shared().readTree(manifest).path("cases")) {
        cases.add(entry.path("case").asString());
      }
      return cases;
    }
    if (!Files.isDirectory(folder)) {
      throw new CommandFailedException(
          "fixtures_not_found", "There is no folder " + folder + "; --fixtures names one.");
    }
    return folders(folder);
  }

  /** None when nobody knows this kind of case. */
  static List<ParityResult> run(Path folder, String name, String device) {
    if (name.equals(FRAMES)) {
      return frames(folder.resolve(name));
    }
    if (VisionParity.supported().contains(name)) {
      return VisionParity.run(RuntimeSettings.on(device), folder, name::equals);
    }
    return LanguageParity.run(RuntimeSettings.on(device), folder, name::equals);
  }

  private static List<ParityResult> frames(Path folder) {
    try {
      return FrameParity.run(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> folders(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !MATERIAL.contains(name))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
