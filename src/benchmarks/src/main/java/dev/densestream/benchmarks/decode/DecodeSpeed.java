package dev.densestream.benchmarks.decode;

import com.sun.management.OperatingSystemMXBean;
import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Media;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Runs the frame sampler and the {@code ffmpeg} program in turn on one file with equal threads, and
 * prints wall and processor seconds of each run, then the median of the rounds' ratios (program
 * over sampler: above 1, the sampler is faster). Ours is the whole of it: the parent's and the
 * child's processor time, and every frame in the parent's hands. The decoder process is warm, as in
 * service; the program starts anew each time.
 *
 * <p>Arguments: video, program, threads, rounds.
 */
public final class DecodeSpeed {
  private final Path video;
  private final String program;
  private final int threads;
  private final int rounds;

  private record Cost(double wall, double processor) {}

  /**
   * One thing to do, as each side is told. The sampler always gives pictures in full size, which
   * the model's preprocessing needs; the program is asked both for small ones and for the same.
   */
  private record Job(String policy, String before, String filter) {}

  private DecodeSpeed(Path video, String program, int threads, int rounds) {
    this.video = video;
    this.program = program;
    this.threads = threads;
    this.rounds = rounds;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    new DecodeSpeed(
            Path.of(arguments[0]),
            arguments[1],
            Integer.parseInt(arguments[2]),
            Integer.parseInt(arguments[3]))
        .run();
  }

  private void run() throws IOException, InterruptedException {
    List<Job> jobs =
        List.of(
            new Job("fps:1", "", "fps=1,scale=336:336"),
            new Job("fps:1", "", "fps=1"),
            new Job("keyframes", "-skip_frame nokey", "scale=336:336"),
            new Job("keyframes", "-skip_frame nokey", "null"));
    DecoderSettings settings = DecoderSettings.defaults().withChildren(1).withThreads(threads);
    try (FrameSampler sampler = FrameSampler.open(settings, new SimpleMeterRegistry())) {
      sampler.probe(media()).block(Duration.ofMinutes(1));
      for (Job job : jobs) {
        compare(job, sampler);
      }
    }
  }

  private void compare(Job job, FrameSampler sampler) throws IOException, InterruptedException {
    List<Double> wall = new ArrayList<>();
    List<Double> processor = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Cost theirs = program(job);
      Cost ours = sample(job, sampler);
      say("%s round %d: program %s, sampler %s", job, round, text(theirs), text(ours));
      wall.add(theirs.wall() / ours.wall());
      processor.add(theirs.processor() / ours.processor());
    }
    say("%s ratio: wall %s, processor %s", job, spread(wall), spread(processor));
  }

  private Cost sample(Job job, FrameSampler sampler) throws IOException {
    double processorBefore = ownProcessor();
    long start = System.nanoTime();
    sampler
        .sample(media(), SamplingPolicy.parse(job.policy()))
        .then()
        .block(Duration.ofMinutes(10));
    return new Cost((System.nanoTime() - start) / 1e9, ownProcessor() - processorBefore);
  }

  private Media.File media() throws IOException {
    return new Media.File(video, Files.size(video));
  }

  /** Of this process and its children, in seconds. */
  private static double ownProcessor() {
    long self =
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    Duration children =
        ProcessHandle.current()
            .descendants()
            .map(child -> child.info().totalCpuDuration().orElse(Duration.ZERO))
            .reduce(Duration.ZERO, Duration::plus);
    return self / 1e9 + children.toNanos() / 1e9;
  }

  private Cost program(Job job) throws IOException, InterruptedException {
    String command =
        "TIMEFORMAT='%%R %%U %%S'; time %s -nostdin -v error -threads %d %s -i %s -vf %s -fps_mode passthrough -pix_fmt rgb24 -f rawvideo -y /dev/null"
            .formatted(program, threads, job.before(), video, job.filter());
    Process process = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
    String[] seconds = said.lines().toList().getLast().split(" ", -1);
    return new Cost(
        Double.parseDouble(seconds[0]),
        Double.parseDouble(seconds[1]) + Double.parseDouble(seconds[2]));
  }

  private static String text(Cost cost) {
    return String.format(Locale.ROOT, "%.2f s (%.2f)", cost.wall(), cost.processor());
  }

  private static String spread(List<Double> ratios) {
    double[] sorted = ratios.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "median %.2f (%.2f to %.2f)",
        sorted[sorted.length / 2],
        Arrays.stream(sorted).min().orElseThrow(),
        Arrays.stream(sorted).max().orElseThrow());
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
