package dev.densestream.answerservice.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.StreamDefinition;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class SamplingTest {
  @Test
  void saysOnceOfEachDefinition_thatItCannotBeRead() {
    Logger log = (Logger) LoggerFactory.getLogger(Sampling.class);
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    said.start();
    log.addAppender(said);
    try {
      Sampling sampling = new Sampling();
      for (int segment = 0; segment < 3; segment++) {
        assertThat(sampling.of(defined("1fps"))).isEqualTo(new SamplingPolicy.Fps(1));
      }
      assertThat(said.list).hasSize(1);
      assertThat(said.list.getFirst().getFormattedMessage()).contains("gate", "1fps");
      assertThat(sampling.of(defined("fps:2"))).isEqualTo(new SamplingPolicy.Fps(2));
      assertThat(said.list).hasSize(1);
      // The control: a definition that comes anew is spoken of anew.
      assertThat(sampling.of(defined("1fps"))).isEqualTo(new SamplingPolicy.Fps(1));
      assertThat(said.list).hasSize(2);
    } finally {
      log.detachAppender(said);
    }
  }

  private static StreamDefinition defined(String sampling) {
    return StreamDefinition.parse(
        "{\"id\":\"gate\",\"sampling\":\"%s\"}".formatted(sampling).getBytes(UTF_8));
  }
}
