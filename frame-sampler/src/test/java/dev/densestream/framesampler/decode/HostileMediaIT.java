package dev.densestream.framesampler.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaLimits;
import dev.densestream.framesampler.MediaRefusal;
import dev.densestream.framesampler.MediaRefusal.Code;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SampleEvent.Finished;
import dev.densestream.framesampler.SampleEvent.Refused;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.MediaRefusedException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalogue of bad media: each is refused with its code, by a process that lives on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class HostileMediaIT {
  private static final String PICTURES = "testsrc2=size=160x96:rate=10:duration=2";
  @TempDir static Path folder;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private FrameSampler sampler;

  @BeforeAll
  void open() {
    MediaLimits limits = MediaLimits.defaults().withPixels(1 << 20).withFrames(500);
    sampler =
        FrameSampler.open(DecoderSettings.defaults().withChildren(1).withLimits(limits), registry);
  }

  @AfterAll
  void close() {
    sampler.close();
  }

  /** Whatever was fed: no process was lost by it, and the next media is decoded. */
  @AfterEach
  void nextMediaIsFine() {
    Path good = clips().clip("good.mp4", PICTURES, "-c:v mpeg4");
    assertThat(sample(Fixtures.bytes(good)).getLast()).isInstanceOf(Finished.class);
    assertThat(registry.find("densestream.decode.restarts").counter()).isNull();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"hls", "dash", "ffconcat", "sdp", "smil"})
  void playlist_isRefused_andOpensNothing(String kind) throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String http = "http://127.0.0.1:" + listener.getLocalPort() + "/video.mp4";
      Path secret = clips().clip("secret.ts", PICTURES, "-c:v mpeg2video");
      for (String target : List.of(http, secret.toString())) {
        byte[] playlist = playlist(kind, target).getBytes(UTF_8);
        assertRefused(new Media.Bytes(playlist), Code.UNSUPPORTED_CONTAINER);
        Path named = clips().file(kind + ".mp4", playlist);
        assertRefused(Fixtures.file(named), Code.UNSUPPORTED_CONTAINER);
      }
      assertThat(connected(listener)).isFalse();
    }
  }

  /**
   * The controls: the listener would have seen a connection, and the playlist would have worked.
   */
  @Test
  void playlist_isFollowed_byFfmpegWithItsDefaults() throws IOException {
    Path secret = clips().clip("control.ts", PICTURES, "-c:v mpeg2video");
    Path list = clips().file("control.m3u8", playlist("hls", secret.toString()));
    assertThat(Clips.rgb(list, "")).hasSize(20 * 160 * 96 * 3);
    try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Socket _ = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
      assertThat(connected(listener)).isTrue();
    }
  }

  @Test
  void externalDataReference_isNotFollowed() throws IOException {
    Path other = clips().clip("other.mp4", PICTURES, "-c:v mpeg4");
    Path pointing = clips().file("dref.mp4", pointingTo(Files.readAllBytes(other), other));
    assertRefused(Fixtures.bytes(pointing), Code.UNSUPPORTED_CONTAINER);
    assertRefused(Fixtures.file(pointing), Code.UNSUPPORTED_CONTAINER);
    // The control: with the option that is off here, the reference leads there.
    byte[] followed = Clips.rgb(pointing, "", "-enable_drefs 1 -use_absolute_path 1");
    assertThat(followed).isEqualTo(Clips.rgb(other, ""));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"empty", "text", "random", "jpeg", "png"})
  void whatIsNoVideo_isRefused(String kind) throws IOException {
    byte[] content =
        switch (kind) {
          case "empty" -> new byte[0];
          case "text" -> "Dear reader, this is a letter, not a video. ".repeat(50).getBytes(UTF_8);
          case "random" -> random(100_000);
          case "jpeg" ->
              Files.readAllBytes(clips().clip("p.jpg", PICTURES, "-frames:v 1 -update 1"));
          default -> Files.readAllBytes(clips().clip("p.png", PICTURES, "-frames:v 1 -update 1"));
        };
    assertRefused(new Media.Bytes(content), Code.NOT_A_VIDEO);
    assertRefused(Fixtures.file(clips().file(kind + ".mp4", content)), Code.NOT_A_VIDEO);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"mov", "mkv"})
  void unlistedCodec_isRefused(String container) {
    assertRefused(clip("m." + container, "-c:v magicyuv"), Code.UNSUPPORTED_CODEC);
    assertRefused(clip("p." + container, "-c:v png"), Code.UNSUPPORTED_CODEC);
  }

  @ParameterizedTest
  @ValueSource(strings = {"flv", "nut"})
  void unlistedContainer_isRefused(String container) {
    String codec = container.equals("flv") ? "-c:v flv" : "-c:v mpeg4";
    assertRefused(clip("c." + container, codec), Code.UNSUPPORTED_CONTAINER);
  }

  @Test
  void soundOnly_hasNoVideoStream() {
    for (String name : List.of("s.mp4", "s.ts", "s.mkv")) {
      Path sound = clips().clip(name, "sine=duration=1", "-c:a aac");
      assertRefused(Fixtures.bytes(sound), Code.NO_VIDEO_STREAM);
    }
  }

  @Test
  void tooLargePictures_areRefused() {
    for (String name : List.of("l.mp4", "l.ts", "l.mkv")) {
      Path large =
          clips().clip(name, "testsrc2=size=2048x1024:rate=5:duration=1", "-c:v mpeg2video -g 5");
      assertRefused(Fixtures.bytes(large), Code.TOO_MANY_PIXELS);
    }
  }

  @Test
  void picturesThatGrowMidStream_areRefusedThere() throws IOException {
    Path small = clips().clip("small.ts", PICTURES, "-c:v mpeg2video");
    Path large =
        clips().clip("grown.ts", "testsrc2=size=2048x1024:rate=10:duration=1", "-c:v mpeg2video");
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(Files.readAllBytes(small));
    both.write(Files.readAllBytes(large));
    List<SampleEvent> events = sample(new Media.Bytes(both.toByteArray()));
    assertThat(Fixtures.frames(events)).hasSizeGreaterThan(15);
    assertThat(refusal(events).code()).isEqualTo(Code.TOO_MANY_PIXELS);
  }

  @Test
  void tooLongSides_areRefused() {
    Path wide =
        clips()
            .clip(
                "wide.mkv",
                "testsrc2=size=64x64:rate=5:duration=1,scale=20000:2",
                "-c:v libvpx-vp9 -cpu-used 8 -pix_fmt yuv420p");
    assertThat(refusal(sample(Fixtures.bytes(wide))).code())
        .isIn(Code.UNSUPPORTED_DIMENSIONS, Code.TOO_MANY_PIXELS);
  }

  @Test
  void tooManyFrames_areRefused() {
    Path clip = clips().clip("long.mp4", "testsrc2=size=32x32:rate=100:duration=6", "-c:v mpeg4");
    assertRefused(Fixtures.bytes(clip), Code.TOO_MANY_FRAMES);
  }

  @Test
  void tooManyStreams_areRefused() {
    for (String name : List.of("many.mp4", "many.mkv", "many.ts")) {
      StringBuilder options = new StringBuilder();
      for (int i = 0; i < 18; i++) {
        options.append(" -map 0:v");
      }
      assertRefused(clip(name, options + " -c:v mpeg4"), Code.TOO_MANY_STREAMS);
    }
  }

  @Test
  void encryptedVideo_isRefused() {
    Media.Bytes clip =
        clip(
            "e.mp4",
            "-c:v libopenh264 -encryption_scheme cenc-aes-ctr -encryption_key"
                + " 76a6c65c5ea762046bd749a2e632ccbb -encryption_kid"
                + " a7e61c373e219033c21091fa607bf3b8");
    assertRefused(clip, Code.ENCRYPTED);
  }

  @Test
  void truncatedFile_withIndexInFront_givesWhatIsThere() throws IOException {
    Path whole = clips().clip("t.mp4", PICTURES, "-c:v mpeg4 -g 5 -movflags +faststart");
    byte[] content = Files.readAllBytes(whole);
    List<SampleEvent> events =
        sample(new Media.Bytes(Arrays.copyOf(content, content.length * 6 / 10)));
    assertThat(Fixtures.frames(events)).hasSizeBetween(5, 19);
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            Finished.class, finished -> assertThat(finished.damaged()).isTrue());
  }

  @Test
  void truncatedFile_withIndexAtTheEnd_isRefused() throws IOException {
    byte[] content = Files.readAllBytes(clips().clip("u.mp4", PICTURES, "-c:v mpeg4 -g 5"));
    assertRefused(new Media.Bytes(Arrays.copyOf(content, content.length * 6 / 10)), Code.TRUNCATED);
  }

  @Test
  void indexAtTheEnd_isFound_inBytesAndInFiles() {
    Path clip = clips().clip("v.mp4", PICTURES, "-c:v mpeg4");
    assertThat(Fixtures.frames(sample(Fixtures.bytes(clip)))).hasSize(20);
    assertThat(Fixtures.frames(sample(Fixtures.file(clip)))).hasSize(20);
  }

  @Test
  void damagedMiddle_givesTheFramesAround_andCountsTheRest() throws IOException {
    byte[] content = Files.readAllBytes(clips().clip("d.ts", PICTURES, "-c:v libopenh264 -g 5"));
    Random noise = new Random(5);
    for (int i = content.length / 2; i < content.length * 6 / 10; i++) {
      content[i] = (byte) noise.nextInt();
    }
    List<SampleEvent> events = sample(new Media.Bytes(content));
    assertThat(Fixtures.frames(events)).hasSizeBetween(5, 19);
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            Finished.class, finished -> assertThat(finished.damaged()).isTrue());
  }

  /** Mutations of a good file: any end will do, as long as it is one, and the process lives. */
  @Test
  void mutatedFiles_end() throws IOException {
    byte[] good = Files.readAllBytes(clips().clip("f.mp4", PICTURES, "-c:v libopenh264 -g 5"));
    for (int seed = 0; seed < 40; seed++) {
      byte[] bad = good.clone();
      Random random = new Random(seed);
      for (int i = 0; i < 20; i++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      assertThat(sample(new Media.Bytes(bad)).getLast())
          .isInstanceOfAny(Finished.class, Refused.class);
    }
  }

  @Test
  void probe_saysWhatItIs_orWhyNot() {
    Path clip = clips().clip("probe.mp4", PICTURES, "-c:v libopenh264");
    assertThat(sampler.probe(Fixtures.file(clip)).block(Duration.ofSeconds(30)))
        .satisfies(
            probe -> {
              assertThat(probe.container()).isEqualTo("mp4");
              assertThat(probe.codec()).isEqualTo("h264");
              assertThat(probe.width()).isEqualTo(160);
              assertThat(probe.height()).isEqualTo(96);
              assertThat(probe.durationMicros()).isEqualTo(2_000_000);
              assertThat(probe.claimedFrames()).isEqualTo(20);
            });
    assertThatThrownBy(
            () -> sampler.probe(new Media.Bytes(random(5000))).block(Duration.ofSeconds(30)))
        .isInstanceOfSatisfying(
            MediaRefusedException.class,
            refused -> assertThat(refused.code()).isEqualTo("not_a_video"));
  }

  private static Clips clips() {
    return new Clips(folder);
  }

  private static Media.Bytes clip(String name, String options) {
    return Fixtures.bytes(clips().clip(name, PICTURES, options));
  }

  private List<SampleEvent> sample(Media media) {
    List<SampleEvent> events =
        sampler
            .sample(media, SamplingPolicy.parse("fps:1000"))
            .collectList()
            .block(Duration.ofSeconds(60));
    assertThat(events).isNotNull();
    return events;
  }

  private void assertRefused(Media media, Code code) {
    List<SampleEvent> events = sample(media);
    assertThat(Fixtures.frames(events)).isEmpty();
    assertThat(refusal(events).code()).isEqualTo(code);
    assertThat(refusal(events).detail()).endsWith(".");
  }

  private static MediaRefusal refusal(List<SampleEvent> events) {
    assertThat(events.getLast()).isInstanceOf(Refused.class);
    return ((Refused) events.getLast()).refusal();
  }

  private static boolean connected(ServerSocket listener) throws IOException {
    listener.setSoTimeout(200);
    try (Socket _ = listener.accept()) {
      return true;
    } catch (SocketTimeoutException _) {
      return false;
    }
  }

  private static String playlist(String kind, String target) {
    return switch (kind) {
      case "hls" ->
          """
          #EXTM3U
          #EXT-X-VERSION:3
          #EXT-X-TARGETDURATION:2
          #EXT-X-MEDIA-SEQUENCE:0
          #EXTINF:2.0,
          %s
          #EXT-X-ENDLIST
          """
              .formatted(target);
      case "dash" ->
          """
          <?xml version="1.0" encoding="utf-8"?>
          <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT2S">
          <Period><AdaptationSet mimeType="video/mp4"><Representation id="0" bandwidth="1">
          <BaseURL>%s</BaseURL></Representation></AdaptationSet></Period></MPD>
          """
              .formatted(target);
      case "ffconcat" ->
          """
          ffconcat version 1.0
          file '%s'
          """
              .formatted(target);
      case "sdp" ->
          """
          v=0
          o=- 0 0 IN IP4 127.0.0.1
          s=x
          c=IN IP4 127.0.0.1
          t=0 0
          m=video 5004 RTP/AVP 96
          a=rtpmap:96 H264/90000
          """;
      default -> "<smil><body><video src=\"%s\"/></body></smil>".formatted(target);
    };
  }

  private static byte[] random(int length) {
    byte[] content = new byte[length];
    new Random(1).nextBytes(content);
    return content;
  }

  /** The clip with its data reference "in this file" replaced by a Macintosh alias. */
  private static byte[] pointingTo(byte[] content, Path target) {
    byte[] self = {0, 0, 0, 12, 'u', 'r', 'l', ' ', 0, 0, 0, 1};
    byte[] path = target.toString().getBytes(UTF_8);
    int even = path.length + path.length % 2;
    ByteBuffer alias = ByteBuffer.allocate(12 + 150 + 4 + even + 4);
    alias.putInt(alias.capacity()).put("alis".getBytes(UTF_8)).putInt(0);
    alias.position(12 + 150 - 20).putShort((short) 1).putShort((short) 1).position(12 + 150);
    alias.putShort((short) 2).putShort((short) even).put(path);
    alias.position(alias.capacity() - 4).putShort((short) -1).putShort((short) 0);
    int at = indexOf(content, self);
    // The index is at the end, so nothing it points to moves; only the boxes around grow.
    ByteBuffer grown = ByteBuffer.allocate(content.length - self.length + alias.capacity());
    grown.put(content, 0, at).put(alias.array());
    grown.put(content, at + self.length, content.length - at - self.length);
    for (String box : List.of("moov", "trak", "mdia", "minf", "dinf", "dref")) {
      int size = indexOf(content, box.getBytes(UTF_8)) - 4;
      grown.putInt(size, grown.getInt(size) + alias.capacity() - self.length);
    }
    return grown.array();
  }

  private static int indexOf(byte[] content, byte[] marker) {
    for (int i = 0; i + marker.length <= content.length; i++) {
      if (Arrays.equals(content, i, i + marker.length, marker, 0, marker.length)) {
        return i;
      }
    }
    throw new AssertionError("no such box");
  }
}
