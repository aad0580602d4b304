package dev.densestream.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A build of llama.cpp, made by somebody else. */
record LlamaCpp(Path folder) {
  LlamaCpp {
    folder = folder.toAbsolutePath();
    for (String name : List.of("llama-bench", "llama-quantize", "llama-server", "llama-mtmd-cli")) {
      if (!Files.isExecutable(folder.resolve(name))) {
        throw new IllegalArgumentException("no program " + name + " in " + folder);
      }
    }
  }

  String program(String name) {
    return folder.resolve(name).toString();
  }

  /** As it names itself: commit and build number. */
  String version() throws IOException, InterruptedException {
    return ProgramRun.of(List.of(program("llama-server"), "--version"), true)
        .lines()
        .filter(line -> line.startsWith("version"))
        .findFirst()
        .orElse("version unknown");
  }
}
