package dev.densestream.endtoend.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Every manifest under a folder, and what kustomize would make of their folders. */
final class Manifests {
  private static final String NAME = "kustomization.yaml";

  private final Path root;
  private final List<Path> files;
  private final List<JsonNode> documents = new ArrayList<>();
  private final List<JsonNode> patches = new ArrayList<>();

  private Manifests(Path root, List<Path> files) {
    this.root = root;
    this.files = files;
  }

  /** Throws when a file holds anything its model does not know. */
  static Manifests read(Path root) {
    Manifests manifests = new Manifests(root, yamlFiles(root));
    for (Path file : manifests.files) {
      List<JsonNode> read = StrictYaml.read(file);
      boolean base = file.startsWith(root.resolve("base"));
      (base ? manifests.documents : manifests.patches).addAll(read);
    }
    return manifests;
  }

  int fileCount() {
    return files.size();
  }

  /** The base's documents of a kind; overlays hold patches only. */
  List<JsonNode> ofKind(String kind) {
    return documents.stream().filter(node -> node.path("kind").asText().equals(kind)).toList();
  }

  /** The overlays' changes to the base. */
  List<JsonNode> patches() {
    return List.copyOf(patches);
  }

  /** Files that are listed and not there, or there and not listed. */
  List<String> listingFaults() {
    List<String> faults = new ArrayList<>();
    Set<Path> listed = new TreeSet<>();
    for (Path file : files) {
      if (isKustomization(file)) {
        listed.add(file);
        for (Path target : targets(file)) {
          Path listedFile = Files.isDirectory(target) ? target.resolve(NAME) : target;
          if (!Files.isRegularFile(listedFile)) {
            faults.add(root.relativize(file) + " lists " + root.relativize(target) + ", not there");
          }
          listed.add(listedFile);
        }
      }
    }
    files.stream()
        .filter(file -> !listed.contains(file))
        .forEach(file -> faults.add(root.relativize(file) + " is listed nowhere"));
    return faults;
  }

  private static boolean isKustomization(Path file) {
    return file.endsWith(NAME);
  }

  private static List<Path> targets(Path file) {
    List<Path> targets = new ArrayList<>();
    for (JsonNode document : StrictYaml.read(file)) {
      var kustomization = StrictYaml.convert(document, StrictYaml.Kustomization.class);
      kustomization.resources().forEach(name -> targets.add(file.resolveSibling(name).normalize()));
      if (kustomization.patches() != null) {
        kustomization
            .patches()
            .forEach(patch -> targets.add(file.resolveSibling(patch.path()).normalize()));
      }
    }
    return targets;
  }

  private static List<Path> yamlFiles(Path root) {
    try (Stream<Path> found = Files.walk(root)) {
      return found.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
