package dev.densestream.answerservice.clip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.PtsRange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ClipFormatTest {
  @Test
  void writesWebVttWithHoursAndMilliseconds() {
    String vtt = ClipFormat.VTT.write(captions("", text(0, 10_000_000, "A car.")));

    assertThat(vtt).isEqualTo("WEBVTT\n\n00:00:00.000 --> 00:00:10.000\nA car.\n\n");
  }

  @Test
  void keepsHoursBeyondTwoDigits() {
    long start = 100L * 3600 * 1_000_000 + 61_001_000;

    assertThat(ClipFormat.VTT.write(captions("", text(start, start + 1_000_000, "x"))))
        .contains("100:01:01.001 --> 100:01:02.001");
  }

  @Test
  void letsNoTextEndItsWebVttCueOrBecomeMarkup() {
    String hostile = "<script>a & b</script>\n\n00:00:00.000 --> 00:00:01.000\r\nnot a cue";

    String vtt = ClipFormat.VTT.write(captions("", text(0, 1_000_000, hostile)));

    assertThat(vtt)
        .isEqualTo(
            """
            WEBVTT

            00:00:00.000 --> 00:00:01.000
            &lt;script&gt;a &amp; b&lt;/script&gt;
            00:00:00.000 --&gt; 00:00:01.000
            not a cue

            """);
  }

  @Test
  void saysTheNoticeInAWebVttComment() {
    assertThat(ClipFormat.VTT.write(captions("demo model", text(0, 1_000_000, "x"))))
        .startsWith("WEBVTT\n\nNOTE\ndemo model\n\n00:");
  }

  @Test
  void numbersSubRipCuesAndUsesCommas() {
    String srt =
        ClipFormat.SRT.write(
            captions("", text(0, 1_500_000, "One."), text(1_500_000, 2_000_000, "Two.")));

    assertThat(srt)
        .isEqualTo(
            crlf(
                """
                1
                00:00:00,000 --> 00:00:01,500
                One.

                2
                00:00:01,500 --> 00:00:02,000
                Two.

                """));
  }

  @Test
  void letsNoTextEndItsSubRipCueOrBecomeMarkup() {
    String hostile = "<i>a</i> {\\an8}\n\n2\n00:00:00,000 --> 00:00:01,000\na\u0000b";

    String srt = ClipFormat.SRT.write(captions("", text(0, 1_000_000, hostile)));

    assertThat(srt)
        .isEqualTo(
            crlf(
                """
                1
                00:00:00,000 --> 00:00:01,000
                ‹i›a‹/i› (\\an8)
                2
                00:00:00,000 -› 00:00:01,000
                a b

                """));
  }

  @Test
  void givesAnEmptyCaptionACueStill() {
    assertThat(ClipFormat.VTT.write(captions("", text(5, 5, " \n "))))
        .endsWith("00:00:00.001\n-\n\n");
  }

  @Test
  void writesCaptionsAsJson() {
    JsonNode json = parse(captions("demo model", text(0, 10_000_000, "A \"car\".")));

    assertThat(json.at("/model/notice").asString()).isEqualTo("demo model");
    assertThat(json.at("/frames/dropped/corrupt").asLong()).isEqualTo(1);
    assertThat(json.at("/captions/0/text").asString()).isEqualTo("A \"car\".");
    assertThat(json.at("/captions/0/framePtsMicros/1").asLong()).isEqualTo(2);
    assertThat(json.at("/captions/0/finishReason").asString()).isEqualTo("stop");
    assertThat(json.at("/answer").isNull()).isTrue();
  }

  @Test
  void writesAnAnswerAsJson() {
    JsonNode json =
        parse(
            new ClipResult(
                new ClipResult.Model("m", ""),
                extent(),
                Optional.of("What?"),
                List.of(text(0, 1, "A car."))));

    assertThat(json.at("/question").asString()).isEqualTo("What?");
    assertThat(json.at("/answer/text").asString()).isEqualTo("A car.");
    assertThat(json.at("/captions").size()).isZero();
  }

  private static String crlf(String text) {
    return text.replace("\n", "\r\n");
  }

  private static JsonNode parse(ClipResult result) {
    return JsonMapper.shared().readTree(ClipFormat.JSON.write(result));
  }

  private static ClipResult captions(String notice, TimedText... texts) {
    return new ClipResult(
        new ClipResult.Model("m", notice), extent(), Optional.empty(), List.of(texts));
  }

  private static ClipResult.Extent extent() {
    return new ClipResult.Extent(
        10_000_000, new FrameCounts(4, 2, 1, Map.of(DropReason.CORRUPT, 1L)), true);
  }

  private static TimedText text(long start, long end, String text) {
    return new TimedText(
        new PtsRange(start, end),
        text,
        AnswerEvent.FinishReason.STOP,
        new AnswerEvent.Usage(1, 1, 0, 1, 1, 1),
        List.of(1L, 2L),
        Optional.empty());
  }
}
