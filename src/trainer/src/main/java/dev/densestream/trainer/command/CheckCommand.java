package dev.densestream.trainer.command;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.language.CaptionCheck;
import dev.densestream.trainer.language.Captions;
import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Scene;
import dev.densestream.trainer.world.World;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether what a model told of the world's clips is true. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Says how many of the captions that a model gave to clips of the synthetic world state"
            + " nothing but what is true. The clips' scenes are made again from the same options.")
final class CheckCommand implements Callable<Integer> {
  private static final Pattern ID = Pattern.compile("scene-(\\d{5})\\.mp4/([a-z]+)");

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--captions",
      required = true,
      paramLabel = "FILE",
      description = "What evaluate wrote with --questions descriptions.jsonl --predictions FILE.")
  private @Nullable Path captions;

  @Mixin private SceneOptions which = new SceneOptions();

  @Option(names = "--verbose", description = "Print each sentence that is not true.")
  private boolean verbose;

  /** A caption that was told of a scene, and what is true of it. */
  private record Told(String id, String type, Facts facts, List<CaptionCheck.Verdict> verdicts) {
    boolean isTrue() {
      return verdicts.stream().allMatch(CaptionCheck.Verdict::holds);
    }

    long trueSentences() {
      return verdicts.stream().filter(CaptionCheck.Verdict::holds).count();
    }

    List<String> untrue() {
      return verdicts.stream()
          .filter(verdict -> !verdict.holds())
          .map(v -> id + ": " + v.sentence() + " (true: " + Captions.of(facts).orElse("-") + ")")
          .toList();
    }
  }

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    List<Told> all = read(requireNonNull(captions));
    if (verbose) {
      all.stream().flatMap(told -> told.untrue().stream()).forEach(out::println);
    }
    all.stream()
        .collect(Collectors.groupingBy(Told::type, TreeMap::new, Collectors.toList()))
        .forEach((type, own) -> out.println(type + ": " + summary(own)));
    out.flush();
    return 0;
  }

  private static String summary(List<Told> all) {
    long right = all.stream().filter(Told::isTrue).count();
    long sentences = all.stream().mapToLong(told -> told.verdicts().size()).sum();
    long trueSentences = all.stream().mapToLong(Told::trueSentences).sum();
    return String.format(
        Locale.ROOT,
        "%d of %d captions state nothing that is not true (%.1f %%); %d of %d sentences are true"
            + " (%.1f %%)",
        right,
        all.size(),
        100.0 * right / all.size(),
        trueSentences,
        sentences,
        100.0 * trueSentences / sentences);
  }

  private List<Told> read(Path file) {
    List<Told> all = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        all.add(told(line, all.size() + 1));
      }
    } catch (IOException failure) {
      throw refused("cannot be read: " + failure.getMessage());
    }
    if (all.isEmpty()) {
      throw refused("holds no captions");
    }
    return all;
  }

  private Told told(String line, int number) {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(line);
    } catch (JacksonException bad) {
      throw refused("is no JSON in line " + number);
    }
    String id = json.path("id").asString("");
    Matcher name = ID.matcher(id);
    if (!name.matches() || !json.path("pred").isString()) {
      throw refused(
          "needs an id such as scene-00000.mp4/sentence and the text pred in each line: see line "
              + number);
    }
    Scene scene = World.scene(which.split(), which.seed(), Integer.parseInt(name.group(1)));
    Facts facts = Facts.of(scene, which.times(scene));
    return new Told(
        id, name.group(2), facts, CaptionCheck.check(json.path("pred").asString(), facts));
  }

  private RefusedException refused(String what) {
    return new RefusedException("captions_not_usable", captions + " " + what + ".");
  }
}
