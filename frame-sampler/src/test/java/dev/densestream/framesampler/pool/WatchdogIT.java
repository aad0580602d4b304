package dev.densestream.framesampler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A process that ignores the first signal, and a watchdog that is closed before it insists. */
class WatchdogIT {
  private final Watchdog watchdog = new Watchdog();

  @SuppressWarnings("NullAway.Init") // started before each test
  private Process stubborn;

  @BeforeEach
  void start() throws IOException {
    stubborn =
        new ProcessBuilder("/bin/sh", "-c", "trap '' TERM; echo ready; while :; do :; done")
            .start();
    assertThat(stubborn.inputReader().readLine()).isEqualTo("ready");
  }

  @AfterEach
  void stop() {
    watchdog.close();
    stubborn.destroyForcibly();
  }

  @Test
  void closing_endsWhoeverWasAskedToEnd() {
    watchdog.end(stubborn);
    watchdog.close();
    assertThat(stubborn.onExit()).succeedsWithin(Duration.ofSeconds(5));
  }
}
