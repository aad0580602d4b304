package dev.densestream.endtoend.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A record of the segments topic that must become a dead letter.
 *
 * @param key null for none
 * @param headers over those of a good segment
 * @param code it must be refused with
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BadInput(@Nullable String key, byte[] value, Map<String, String> headers, String code) {

  /**
   * The catalogue.
   *
   * @param target what the playlists point to
   */
  static List<BadInput> all(MediaMaker maker, String target) throws IOException {
    byte[] good = maker.pictures("good.mp4", "-c:v libopenh264 -g 10");
    byte[] indexLast = maker.pictures("index-last.mp4", "-c:v mpeg4 -g 5");
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    return List.of(
        media("hls", hls(target), "unsupported_container"),
        media("dash", dash(target), "unsupported_container"),
        media("ffconcat", "ffconcat version 1.0\nfile '" + target + "'\n", "unsupported_container"),
        media("sdp", SDP, "unsupported_container"),
        media("huge", huge(maker), "too_many_pixels"),
        media("sound", maker.made("s.mp4", "sine=duration=1", "-c:a aac"), "no_video_stream"),
        media("cover", maker.cover("c.m4a", "-c:a aac -f mp4"), "no_video_stream"),
        media("song", maker.cover("c.mp3", "-c:a libmp3lame"), "not_a_video"),
        media("subtitles", maker.subtitles("s.mkv", "-c:s copy"), "no_video_stream"),
        media("timed-text", maker.subtitles("t.mp4", "-c:s mov_text"), "no_video_stream"),
        media("header-alone", maker.headerAlone("h.mp4"), "no_frames"),
        media("truncated", Arrays.copyOf(indexLast, indexLast.length * 6 / 10), "truncated"),
        media("empty", new byte[0], "empty_value"),
        media("random", noise, "not_a_video"),
        media("text", "Dear reader, this is no video. ".repeat(50), "not_a_video"),
        media("jpeg", maker.pictures("p.jpg", "-frames:v 1 -update 1"), "not_a_video"),
        media("png-in-mov", maker.pictures("p.mov", "-c:v png"), "unsupported_codec"),
        media("magicyuv", maker.pictures("m.mkv", "-c:v magicyuv"), "unsupported_codec"),
        new BadInput("odd-sequence", good, Map.of("ce_sequence", "first"), "invalid_header"),
        new BadInput("odd-type", good, Map.of("ce_type", "com.example.cat"), "invalid_header"),
        new BadInput("odd-range", good, Map.of("ce_ptsend", "-1"), "invalid_header"),
        new BadInput(null, good, Map.of(), "missing_key"),
        new BadInput("gate/../yard", good, Map.of(), "invalid_stream_id"));
  }

  /** Whether the stream it is of can go on. */
  boolean namesStream() {
    return key != null && key.matches("[a-z-]+");
  }

  private static BadInput media(String key, String value, String code) {
    return media(key, value.getBytes(UTF_8), code);
  }

  private static BadInput media(String key, byte[] value, String code) {
    return new BadInput(key, value, Map.of(), code);
  }

  /** 16000 x 16000, in a codec that is allowed. */
  private static byte[] huge(MediaMaker maker) throws IOException {
    String filter = "color=size=16000x16000:rate=25:duration=0.04";
    return maker.made("huge.mkv", filter, "-frames:v 1 -c:v mpeg2video");
  }

  private static String hls(String target) {
    return """
    #EXTM3U
    #EXT-X-VERSION:3
    #EXT-X-TARGETDURATION:2
    #EXTINF:2.0,
    %s
    #EXT-X-ENDLIST
    """
        .formatted(target);
  }

  private static String dash(String target) {
    return """
    <?xml version="1.0" encoding="utf-8"?>
    <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT2S">
    <Period><AdaptationSet mimeType="video/mp4"><Representation id="0" bandwidth="1">
    <BaseURL>%s</BaseURL></Representation></AdaptationSet></Period></MPD>
    """
        .formatted(target);
  }

  private static final String SDP =
      """
      v=0
      o=- 0 0 IN IP4 127.0.0.1
      s=x
      c=IN IP4 127.0.0.1
      t=0 0
      m=video 5004 RTP/AVP 96
      a=rtpmap:96 H264/90000
      """;
}
