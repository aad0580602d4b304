package dev.densestream.trainer.train.clips;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Media;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Frames of people's clips, decoded and sampled as when serving: in a process of its own. */
final class ClipFrames implements AutoCloseable {
  private final FrameSampler sampler;
  private final SamplingPolicy policy;

  /**
   * Starts the decoder.
   *
   * @param frames of each clip
   */
  ClipFrames(int frames) {
    policy = new SamplingPolicy.Uniform(frames);
    sampler =
        FrameSampler.open(DecoderSettings.defaults().withChildren(1), new SimpleMeterRegistry());
  }

  /**
   * Of one clip.
   *
   * @throws IOException with a sentence, where the clip cannot be used
   */
  List<Frame> of(Path video) throws IOException {
    List<Frame> frames = new ArrayList<>();
    Media media = new Media.File(video, Files.size(video));
    for (SampleEvent event : sampler.sample(media, policy).toIterable(1)) {
      switch (event) {
        case SampleEvent.Sampled(Frame frame) -> frames.add(frame);
        case SampleEvent.Refused refused -> throw new IOException(refused.refusal().detail());
        case SampleEvent.Finished _ -> {}
      }
    }
    if (frames.isEmpty()) {
      throw new IOException("The video has no frames.");
    }
    return frames;
  }

  @Override
  public void close() {
    sampler.close();
  }
}
