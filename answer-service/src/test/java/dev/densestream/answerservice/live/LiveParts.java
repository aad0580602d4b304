package dev.densestream.answerservice.live;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.ModelSettings;
import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.ClusterSettings;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.SegmentCutter;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.visionpipeline.RuntimeSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import reactor.core.scheduler.Schedulers;

/** What rigs are made of: a real broker, decoder processes and the model that comes along. */
final class LiveParts implements AutoCloseable {
  /** Ticks until a stream is taken for silent: as good as never. */
  static final int NEVER = 1 << 20;

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final AnswerModel model;
  final FrameSampler sampler;
  final LiveRig.Parts parts;
  private final TopicCluster broker;

  LiveParts() throws IOException {
    broker = TopicCluster.connect(ClusterSettings.temporary(), meters);
    sampler = FrameSampler.open(DecoderSettings.defaults(), meters);
    model = AnswerModel.demo(oneSlot(), meters);
    parts =
        new LiveRig.Parts(
            broker.bootstrapServers(),
            sampler,
            model,
            pieces(),
            256 << 20,
            NEVER,
            Schedulers.parallel());
  }

  /** Whoever keeps it keeps everybody else from being answered. */
  private static ModelSettings oneSlot() {
    return new ModelSettings(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        RuntimeSettings.CPU,
        1,
        1,
        64,
        ModelSettings.DEFAULT_KV_BYTES);
  }

  private List<SegmentCutter.Piece> pieces() throws IOException {
    try (InputStream clip = LiveParts.class.getResourceAsStream("/demo/demo-star.mp4")) {
      Media media = new Media.Bytes(Objects.requireNonNull(clip).readAllBytes());
      return sampler
          .cut(media, 1_000_000)
          .collectList()
          .blockOptional(LiveRig.PATIENCE)
          .orElseThrow();
    }
  }

  @Override
  public void close() {
    model.close();
    sampler.close();
    broker.close();
  }
}
