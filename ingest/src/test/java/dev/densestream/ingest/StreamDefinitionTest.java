package dev.densestream.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StreamDefinitionTest {
  @Test
  void readsBackWhatItWrote() {
    StreamDefinition written =
        new StreamDefinition(
            new StreamId("gate-1"),
            "https://cameras.example/gate.mp4",
            true,
            StreamDefinition.Pace.AS_DEMANDED,
            4000,
            8000,
            "scene:0.1",
            StreamDefinition.Overload.LATEST);
    assertThat(StreamDefinition.parse(written.toJson())).isEqualTo(written);
    StreamDefinition outside = StreamDefinition.fedFromOutside(new StreamId("gate-2"));
    assertThat(StreamDefinition.parse(outside.toJson())).isEqualTo(outside);
    assertThat(new String(outside.toJson(), UTF_8)).doesNotContain("source");
  }

  @Test
  void fillsInDefaults_whenOnlyTheIdIsGiven() {
    assertThat(parse("{'id':'a','source':null}"))
        .isEqualTo(StreamDefinition.fedFromOutside(new StreamId("a")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {}                                   | id is missing
          {'id':7}                             | id must be a string
          {'id':'a/b'}                         | stream id must be
          {'id':'a','speed':1}                 | unknown field speed
          {'id':'a','loop':'yes'}              | loop must be true or false
          {'id':'a','pace':'fast'}             | pace must be one of [media_speed, as_demanded]: was fast
          {'id':'a','pace':'MEDIA_SPEED'}      | pace must be one of
          {'id':'a','segmentMillis':2.5}       | segmentMillis must be a whole number
          {'id':'a','segmentMillis':99999999999} | segmentMillis must be a whole number
          {'id':'a','segmentMillis':50}        | segmentMillis must be 100 to 60000: was 50
          {'id':'a','alignMillis':-1}          | alignMillis must be 0 to 600000: was -1
          {'id':'a','source':' '}              | source must be 1 to 2048 characters
          {'id':'a','sampling':''}             | sampling must be 1 to 100 characters
          {'id':'a','overload':true}           | overload must be a string
          {'id':'a','id':'b'}                  | one well-formed JSON object
          {'id':'a'} {}                        | one well-formed JSON object
          {'id':                               | one well-formed JSON object
          [1]                                  | must be a JSON object
          """)
  void refuses_namingTheField(String json, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse(json))
        .withMessageContaining(message);
  }

  @Test
  void refusesWhatIsTooLargeOrEmpty() {
    byte[] large = new byte[StreamDefinition.MAX_JSON_BYTES + 1];
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StreamDefinition.parse(large))
        .withMessageContaining("at most 16384 bytes");
    assertThatIllegalArgumentException().isThrownBy(() -> StreamDefinition.parse(new byte[0]));
  }

  private static StreamDefinition parse(String json) {
    return StreamDefinition.parse(json.replace('\'', '"').getBytes(UTF_8));
  }
}
