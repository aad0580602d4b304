package dev.densestream.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command {@code bench}, with its options for one group of tests.
 *
 * @param launcher {@code src/bin/densestream}
 * @param options everything but precision, threads and output
 */
record DenseStreamBench(Path launcher, String precision, int threads, List<String> options)
    implements Candidate {
  @Override
  public String name() {
    return "densestream bench " + String.join(" ", options) + ", " + precision;
  }

  @Override
  public boolean ours() {
    return true;
  }

  @Override
  public List<Figure> measure(int round) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher.toString(), "bench", "--json"));
    command.addAll(options);
    command.addAll(List.of("--threads", Integer.toString(threads)));
    command.addAll(List.of("--precision", precision.toUpperCase(Locale.ROOT)));
    return figures(ProgramRun.of(command, false), precision);
  }

  /** Reads one JSON object per line; only the median counts here, rounds make the spread. */
  static List<Figure> figures(String lines, String precision) {
    List<Figure> figures = new ArrayList<>();
    for (String line : lines.lines().filter(l -> l.startsWith("{")).toList()) {
      JsonNode row = JsonMapper.shared().readTree(line);
      String unit = row.required("unit").stringValue();
      String test = row.required("test").stringValue();
      if (unit.equals("MiB")) {
        continue; // no peer says so much
      }
      boolean frames = unit.equals("frames/s");
      figures.add(
          new Figure(
              frames ? ImageEncode.TEST : test,
              frames ? precision + ", " + test : precision,
              row.required("rate").required("median").doubleValue(),
              unit));
    }
    return figures;
  }
}
