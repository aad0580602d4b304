package dev.densestream.trainer.command;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.language.CaptionCheck;
import dev.densestream.trainer.language.Captions;
import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Scene;
import dev.densestream.trainer.world.Split;
import dev.densestream.trainer.world.World;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
  private static final Pattern ID = Pattern.compile("scene-(\\d{5})\\.mp4");

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--captions",
      required = true,
      paramLabel = "FILE",
      description = "What evaluate wrote with --questions descriptions.jsonl --predictions FILE.")
  private @Nullable Path captions;

  @Option(names = "--seed", description = "That the clips were made with (default: 1).")
  private long seed = 1;

  @Option(names = "--split", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Split split = Split.TEST;

  @Option(
      names = "--frames",
      paramLabel = "N",
      description = "Frames that a viewer is taken to look at (default: ${DEFAULT-VALUE}).")
  private int frames = 8;

  @Option(names = "--verbose", description = "Print each sentence that is not true.")
  private boolean verbose;

  private int sentences;
  private int trueSentences;

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    int all = 0;
    int right = 0;
    List<String> lines = lines(requireNonNull(captions));
    for (int i = 0; i < lines.size(); i++) {
      right += isTrue(read(lines.get(i), i + 1), out) ? 1 : 0;
      all++;
    }
    if (all == 0) {
      throw refused("holds no captions", null);
    }
    out.println(
        String.format(
            Locale.ROOT,
            "%d of %d captions state nothing that is not true (%.1f %%); %d of %d sentences are true"
                + " (%.1f %%)",
            right,
            all,
            100.0 * right / all,
            trueSentences,
            sentences,
            100.0 * trueSentences / sentences));
    out.flush();
    return 0;
  }

  private boolean isTrue(JsonNode line, PrintWriter out) {
    String id = line.path("id").asString("");
    Matcher name = ID.matcher(id);
    if (!name.matches() || !line.path("pred").isString()) {
      throw refused("has a line without the id scene-00000.mp4 or without pred: " + line, null);
    }
    Scene scene = World.scene(split, seed, Integer.parseInt(name.group(1)));
    Facts facts = Facts.of(scene, ClipFolder.times(scene, frames));
    boolean all = true;
    for (CaptionCheck.Verdict verdict : CaptionCheck.check(line.path("pred").asString(), facts)) {
      sentences++;
      trueSentences += verdict.holds() ? 1 : 0;
      all &= verdict.holds();
      if (verbose && !verdict.holds()) {
        out.println(
            id + ": " + verdict.sentence() + " (true: " + Captions.of(facts).orElse("-") + ")");
      }
    }
    return all;
  }

  private List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException failure) {
      throw refused("cannot be read: " + failure.getMessage(), failure);
    }
  }

  private JsonNode read(String line, int number) {
    try {
      return JsonMapper.shared().readTree(line);
    } catch (JacksonException bad) {
      throw refused("is no JSON in line " + number, bad);
    }
  }

  private RefusedException refused(String what, @Nullable Exception cause) {
    RefusedException refused =
        new RefusedException("captions_not_usable", captions + " " + what + ".");
    if (cause != null) {
      refused.initCause(cause);
    }
    return refused;
  }
}
