package dev.densestream.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code llama-mtmd-cli} on a few pictures: the time it states for their encoding. Besides the 23
 * blocks that both sides run, it holds the projector (2 % of the multiplications), where ours holds
 * the connector's sums; loading, preprocessing and the language model are in neither.
 *
 * @param text a language model whose width the projector fits; small, since it does not count
 */
record ImageEncode(
    LlamaCpp build, Path text, Path projector, Path picture, String type, int threads)
    implements Candidate {
  static final String TEST = "encode";
  private static final int PICTURES = 4;
  private static final Pattern TIME =
      Pattern.compile("(?:slice encoded|batch encoding done) in (\\d+) ms");
  private static final Pattern BATCH = Pattern.compile("encoding mtmd batch, n_chunks = (\\d+)");

  @Override
  public String name() {
    return "llama-mtmd-cli " + type;
  }

  @Override
  public boolean ours() {
    return false;
  }

  @Override
  public List<Figure> measure(int round) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(build.program("llama-mtmd-cli"));
    command.addAll(List.of("-m", text.toString(), "--mmproj", projector.toString()));
    for (int i = 0; i < PICTURES; i++) {
      command.addAll(List.of("--image", picture.toString()));
    }
    command.addAll(List.of("-p", "describe", "-n", "1", "-c", "4096", "--temp", "0"));
    command.addAll(List.of("-t", Integer.toString(threads), "--chat-template", "vicuna"));
    return List.of(figure(ProgramRun.of(command, true), type));
  }

  /** Frames per second over all pictures. */
  static Figure figure(String report, String type) throws IOException {
    double millis =
        TIME.matcher(report).results().mapToInt(m -> Integer.parseInt(m.group(1))).sum();
    Matcher batches = BATCH.matcher(report);
    int pictures = batches.results().mapToInt(m -> Integer.parseInt(m.group(1))).sum();
    int counted = pictures > 0 ? pictures : (int) TIME.matcher(report).results().count();
    if (millis <= 0 || counted != PICTURES) {
      throw new IOException("llama-mtmd-cli stated the times of " + counted + " pictures");
    }
    return new Figure(TEST, type, 1000 * counted / millis, "frames/s");
  }
}
