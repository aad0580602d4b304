package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_clone;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.protocol.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * Converts a picture and says it while the decoder goes on. One at a time: who brings the next
 * awaits that the one before has been read, so the backpressure stays. Nothing else is said
 * meanwhile.
 */
final class PictureWriter implements AutoCloseable {
  private final ReplyChannel replies;
  private final RgbPicture picture = new RgbPicture();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("decoder-pictures").daemon().factory());
  private @Nullable Future<?> last;

  PictureWriter(ReplyChannel replies) {
    this.replies = replies;
  }

  /** Takes a reference to the frame, to be said so many times; after {@link #await} only. */
  void say(AVFrame frame, FrameCounts counts, long ptsMicros, int times) throws Refusal {
    AVFrame own = av_frame_clone(frame);
    if (own == null) {
      throw OpenMedia.outOfMemory();
    }
    Callable<Boolean> work =
        () -> {
          try {
            write(own, counts, ptsMicros, times);
          } finally {
            av_frame_free(own);
          }
          return true;
        };
    last = thread.submit(work);
  }

  /** Whether nothing is being said. */
  boolean idle() {
    return last == null || last.isDone();
  }

  /** Waits until the last picture is said, and throws what went wrong with it. */
  void await() throws Refusal, IOException {
    Future<?> waited = last;
    last = null;
    try {
      if (waited != null) {
        waited.get();
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Refusal refusal -> throw refusal;
        case IOException lost -> throw lost;
        case null, default -> throw new IllegalStateException("a picture was not converted", e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a picture was said", e);
    }
  }

  private void write(AVFrame frame, FrameCounts counts, long ptsMicros, int times)
      throws Refusal, IOException {
    ByteBuffer rgb = picture.convert(frame);
    Reply reply = new Reply.Picture(counts, ptsMicros, picture.width(), picture.height());
    for (int i = 0; i < times; i++) {
      replies.say(reply, rgb.duplicate());
    }
  }

  /** Waits for the last picture. */
  @Override
  public void close() {
    thread.close();
    picture.close();
  }
}
