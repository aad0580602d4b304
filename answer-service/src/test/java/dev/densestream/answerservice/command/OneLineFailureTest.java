package dev.densestream.answerservice.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.visionpipeline.MemoryExhaustedException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class OneLineFailureTest {
  /** Fails as it is told to. */
  @Command
  private record Failing(RuntimeException failure) implements Callable<Integer> {
    @Override
    public Integer call() {
      throw failure;
    }
  }

  private static String said(RuntimeException failure) {
    StringWriter err = new StringWriter();
    int status =
        new CommandLine(new Failing(failure))
            .setErr(new PrintWriter(err))
            .setExecutionExceptionHandler(new OneLineFailure())
            .execute();
    assertThat(status).isEqualTo(1);
    return err.toString();
  }

  @Test
  void saysWhatToDo_whereNoMemoryIsLeft() {
    RuntimeException cause = new RuntimeException("CUDA out of memory. Tried to allocate 1 MiB");

    assertThat(said(new MemoryExhaustedException("program got no memory", cause)))
        .isEqualToIgnoringNewLines(
            "densestream: out_of_memory: choose a smaller shape, --precision or number of sequences,"
                + " or a machine with more memory.");
  }

  /** The control: nothing is known of others, and where to look is told. */
  @Test
  void saysWhatIsKnownOfOthers() {
    assertThat(said(new IllegalStateException("odd")))
        .startsWith("densestream: internal_error: odd (-Ddensestream.trace=true");
  }
}
