package dev.densestream.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code llama-bench}: prompt processing and token generation from an empty cache. Its defaults are
 * kept: batch 2048, micro-batch 512, flash attention where it has it, repacked weights, one
 * warm-up.
 */
record LlamaBench(LlamaCpp build, Path model, String type, Plan plan) implements Candidate {
  /** What to ask for. */
  record Plan(List<Integer> prefills, int decode, int threads, int repetitions) {
    Plan {
      prefills = List.copyOf(prefills);
    }
  }

  @Override
  public String name() {
    return "llama-bench " + type;
  }

  @Override
  public boolean ours() {
    return false;
  }

  @Override
  public List<Figure> measure(int round) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(build.program("llama-bench"));
    command.addAll(List.of("-m", model.toString(), "-o", "jsonl"));
    command.addAll(List.of("-t", Integer.toString(plan.threads())));
    command.addAll(List.of("-r", Integer.toString(plan.repetitions())));
    for (int prefill : plan.prefills()) {
      command.addAll(List.of("-p", Integer.toString(prefill)));
    }
    command.addAll(List.of("-n", Integer.toString(plan.decode())));
    return figures(ProgramRun.of(command, false), type);
  }

  /** Reads one JSON object per line and test. */
  static List<Figure> figures(String lines, String type) {
    List<Figure> figures = new ArrayList<>();
    for (String line : lines.lines().filter(l -> l.startsWith("{")).toList()) {
      JsonNode row = JsonMapper.shared().readTree(line);
      int prompt = row.required("n_prompt").intValue();
      String test = prompt > 0 ? "prefill " + prompt : "decode " + row.required("n_gen").intValue();
      figures.add(new Figure(test, type, row.required("avg_ts").doubleValue(), "tokens/s"));
    }
    return figures;
  }
}
