package dev.densestream.framesampler.policy;

import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.framesampler.SamplingPolicy.Fps;
import dev.densestream.framesampler.SamplingPolicy.Keyframes;
import dev.densestream.framesampler.SamplingPolicy.SceneChange;
import dev.densestream.framesampler.SamplingPolicy.Uniform;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides on the frames of one media, asked for each of them once and in order. */
public sealed interface FrameGate {
  /**
   * How often the frame is emitted: mostly 0 or 1, more where {@link UniformIndices} repeats.
   *
   * @param index of the frame in its media, from 0
   * @param luma makes the frame's grid; called only by policies that look at it
   */
  int takes(long index, long ptsMicros, Supplier<LumaGrid> luma);

  /**
   * A gate for one media.
   *
   * @param total frames in the media, used by {@link Uniform} alone
   */
  static FrameGate of(SamplingPolicy policy, long total) {
    return switch (policy) {
      case Uniform(int count) ->
          new Places(UniformIndices.of(Math.toIntExact(Math.max(total, 1)), count));
      case Fps(double rate) -> new Ticks(rate);
      case Keyframes() -> new Every(); // the others are never decoded, so never asked about
      case SceneChange(double threshold, Duration heartbeat) ->
          new Changes(threshold, heartbeat.toNanos() / 1000);
    };
  }

  /** Takes all. */
  final class Every implements FrameGate {
    @Override
    public int takes(long index, long ptsMicros, Supplier<LumaGrid> luma) {
      return 1;
    }
  }

  /** Takes given places, in ascending order, possibly with repeats. */
  final class Places implements FrameGate {
    private final int[] places;
    private int next;

    Places(int[] places) {
      this.places = places;
    }

    @Override
    public int takes(long index, long ptsMicros, Supplier<LumaGrid> luma) {
      int before = next;
      while (next < places.length && places[next] == index) {
        next++;
      }
      return next - before;
    }
  }

  /** Takes the first frame at or after each tick of a clock that starts at 0. */
  final class Ticks implements FrameGate {
    private final double perMicro;
    private long last = -1;

    Ticks(double rate) {
      this.perMicro = rate / 1e6;
    }

    @Override
    public int takes(long index, long ptsMicros, Supplier<LumaGrid> luma) {
      // PTS are rounded to whole microseconds: half of one is due to a frame that sits on its tick.
      long tick = (long) Math.floor((ptsMicros + 0.5) * perMicro);
      if (tick <= last) {
        return 0;
      }
      last = tick;
      return 1;
    }
  }

  /** Takes what differs from the last one taken, and one per heartbeat of media time. */
  final class Changes implements FrameGate {
    private final double threshold;
    private final long heartbeatMicros;
    private @Nullable LumaGrid last;
    private long lastPtsMicros;

    Changes(double threshold, long heartbeatMicros) {
      this.threshold = threshold;
      this.heartbeatMicros = heartbeatMicros;
    }

    @Override
    public int takes(long index, long ptsMicros, Supplier<LumaGrid> luma) {
      LumaGrid grid = luma.get();
      if (last != null
          && ptsMicros - lastPtsMicros < heartbeatMicros
          && grid.difference(last) < threshold) {
        return 0;
      }
      last = grid;
      lastPtsMicros = ptsMicros;
      return 1;
    }
  }
}
