package dev.densestream.trainer.command;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class TrainerHelpTest {
  private static String help(String command) {
    CommandLine of = requireNonNull(TrainerMain.commandLine().getSubcommands().get(command));
    return of.getUsageMessage(CommandLine.Help.Ansi.OFF).replaceAll("\\s+", " ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"world", "reel", "check", "train", "ablation"})
  void namesEachDefault(String command) {
    assertThat(help(command)).contains("(default: ").doesNotContain("null");
  }
}
