package dev.densestream.framesampler.pool;

import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.MediaLimits;
import dev.densestream.framesampler.MediaRefusal;
import dev.densestream.framesampler.MediaRefusal.Code;
import dev.densestream.framesampler.protocol.Reply;
import dev.densestream.framesampler.protocol.Task;
import dev.densestream.framesampler.protocol.Tasks;
import dev.densestream.ingest.Media;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One task given to one process, reply by reply. Time counts only within {@link #next}, that is
 * while somebody waits.
 */
final class Exchange {
  private static final byte[] NO_PAYLOAD = {};
  private static final int OUT_OF_MEMORY_EXIT = 3; // of -XX:+ExitOnOutOfMemoryError
  private static final int SIGXCPU = 24;

  private final ChildProcess child;
  private final Task task;
  private final Media media;
  private long nanosLeft;
  private long total;
  private FrameCounts counts = FrameCounts.NONE;
  private volatile State state = State.NEW;

  private enum State {
    NEW,
    BEGUN,
    OVER,
    LOST
  }

  /** What came of waiting. */
  sealed interface Heard {
    /** A reply, with its payload where it has one. */
    @SuppressWarnings("ArrayRecordComponent") // handed over at once
    record Said(Reply reply, byte[] payload) implements Heard {}

    /** The media is given up, by the child or without it. */
    record Refused(MediaRefusal refusal, FrameCounts counts) implements Heard {}
  }

  Exchange(ChildProcess child, Task task, Media media) {
    this.child = child;
    this.task = task;
    this.media = media;
    this.nanosLeft = task.limits().decoding().toNanos();
  }

  /** Waits for the next reply that means something to a caller. */
  Heard next() {
    try {
      begin();
      while (true) {
        Reply reply = waitFor(child::read);
        switch (reply) {
          case Reply.Counted(long frames) -> total = frames;
          case Reply.Progress(FrameCounts now) -> counts = now;
          case Reply.Picture picture -> {
            counts = picture.counts();
            return said(picture, checked(picture));
          }
          case Reply.Piece piece -> {
            return said(piece, checked(piece));
          }
          case Reply.Refused refused -> {
            state = State.OVER;
            return refused(refused);
          }
          case Reply.Finished finished -> {
            state = State.OVER;
            counts = finished.counts();
            return new Heard.Said(reply, NO_PAYLOAD);
          }
          case Reply.Probed _ -> {
            state = State.OVER;
            return new Heard.Said(reply, NO_PAYLOAD);
          }
          case Reply.Hello _ -> throw new StreamCorruptedException("greeted twice");
        }
      }
    } catch (IOException e) {
      state = State.LOST;
      child.end();
      return lost(e);
    }
  }

  /** As far as known. */
  FrameCounts counts() {
    return counts;
  }

  /** Time spent waiting for the child. */
  long nanos() {
    return task.limits().decoding().toNanos() - nanosLeft;
  }

  boolean running() {
    return state == State.BEGUN;
  }

  /** Whether the child can take another task. */
  boolean reusable() {
    return state == State.NEW || state == State.OVER;
  }

  /** After an abort: reads what is left of the task, and forgets it. */
  void drain() {
    try {
      while (state == State.BEGUN) {
        Reply reply = waitFor(child::read);
        switch (reply) {
          case Reply.Picture picture -> {
            counts = picture.counts();
            child.skip(nanosLeft, picture.length());
          }
          case Reply.Piece piece -> child.skip(nanosLeft, piece.length());
          case Reply.Finished(FrameCounts last, long _, boolean _) -> counts = last;
          case Reply.Hello _,
              Reply.Counted _,
              Reply.Progress _,
              Reply.Probed _,
              Reply.Refused _ -> {}
        }
        state = reply.last() ? State.OVER : state;
      }
    } catch (IOException _) {
      state = State.LOST;
      child.end();
    }
  }

  private void begin() throws IOException {
    if (state != State.NEW) {
      return;
    }
    state = State.BEGUN;
    byte[] payload =
        switch (media) {
          case Media.Bytes(byte[] content) -> content;
          case Media.File _ -> NO_PAYLOAD;
        };
    waitFor(
        nanos -> {
          child.write(nanos, Tasks.message(task), payload);
          return true;
        });
  }

  private Heard said(Reply reply, int length) throws IOException {
    return new Heard.Said(reply, waitFor(nanos -> child.payload(nanos, length)));
  }

  private int checked(Reply.Picture picture) throws IOException {
    int width = picture.width();
    int height = picture.height();
    if (width < 1 || height < 1 || (long) width * height > task.limits().pixels()) {
      throw new StreamCorruptedException("picture of " + width + " x " + height);
    }
    return (int) picture.length();
  }

  private int checked(Reply.Piece piece) throws IOException {
    // Remuxing adds headers: a few bytes per packet, never a multiple of the media.
    if (piece.length() < 0 || piece.length() > 2 * media.sizeBytes() + (1 << 20)) {
      throw new StreamCorruptedException("piece of " + piece.length() + " bytes");
    }
    return piece.length();
  }

  private interface Wait<T> {
    T run(long nanos) throws IOException;
  }

  private <T> T waitFor(Wait<T> step) throws IOException {
    MediaLimits limits = task.limits();
    long start = System.nanoTime();
    try {
      return step.run(Math.max(1, Math.min(limits.silence().toNanos(), nanosLeft)));
    } finally {
      nanosLeft -= System.nanoTime() - start;
    }
  }

  private Heard refused(Reply.Refused refused) {
    counts = complete(refused.counts(), reason(refused.code()));
    return new Heard.Refused(MediaRefusal.of(refused.code(), refused.detail()), counts);
  }

  private Heard lost(IOException cause) {
    ChildProcess.Exit exit = child.exit();
    Code code = code(cause, exit);
    counts = complete(counts, reason(code));
    return new Heard.Refused(
        new MediaRefusal(code, sentence(code), exit.code(), exit.signal()), counts);
  }

  private static Code code(IOException cause, ChildProcess.Exit exit) {
    if (cause instanceof Watchdog.TimeoutException
        || exit.signal().equals(OptionalInt.of(SIGXCPU))) {
      return Code.DECODER_TIMEOUT;
    }
    return exit.code().equals(OptionalInt.of(OUT_OF_MEMORY_EXIT))
        ? Code.DECODER_OUT_OF_MEMORY
        : Code.DECODER_CRASHED;
  }

  private static String sentence(Code code) {
    return switch (code) {
      case DECODER_TIMEOUT -> "Decoding the video took longer than is allowed.";
      case DECODER_OUT_OF_MEMORY -> "Decoding the video needs more memory than is allowed.";
      default -> "The decoder ended unexpectedly on this video.";
    };
  }

  private static DropReason reason(Code code) {
    return switch (code) {
      case TOO_MANY_PIXELS, TOO_MANY_FRAMES, TOO_MANY_BYTES, TOO_MANY_STREAMS, DECODER_TIMEOUT ->
          DropReason.LIMIT;
      default -> DropReason.DECODER;
    };
  }

  /** Adds the frames that were counted before decoding and never came. */
  private FrameCounts complete(FrameCounts known, DropReason reason) {
    long missing = total - known.seen();
    if (missing <= 0) {
      return known;
    }
    Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    dropped.putAll(known.dropped());
    dropped.merge(reason, missing, Long::sum);
    return new FrameCounts(known.seen() + missing, known.sampled(), known.gated(), dropped);
  }
}
