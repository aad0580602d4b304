package dev.densestream.framesampler.decode;

import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.protocol.Replies;
import dev.densestream.framesampler.protocol.Reply;
import dev.densestream.framesampler.protocol.Task;
import dev.densestream.framesampler.protocol.Task.Source;
import dev.densestream.framesampler.protocol.Task.Verb;
import dev.densestream.framesampler.protocol.Tasks;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;

/** Main class of a decoder process: one task after another until stdin ends. */
public final class DecoderProcess {
  /** The argument that only unpacks and loads the libraries. */
  public static final String PREPARE = "prepare";

  private final ReplyChannel replies;
  private final SynchronousQueue<Work> handed = new SynchronousQueue<>();
  private volatile boolean aborted;

  private record Work(Task task, MediaBytes media) {}

  private DecoderProcess(ReplyChannel replies) {
    this.replies = replies;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 1 && arguments[0].equals(PREPARE)) {
      load();
      return;
    }
    DecoderProcess process = new DecoderProcess(ReplyChannel.takeStdout());
    load();
    NativeLog.take();
    Thread.ofPlatform().name("decoder-tasks").daemon().start(process::listen);
    process.replies.say(new Reply.Hello(Replies.VERSION));
    process.serve();
  }

  private static void load() {
    Loader.load(avutil.class);
    Loader.load(avcodec.class);
    Loader.load(avformat.class);
    Loader.load(swscale.class);
  }

  /** Ends this process when the parent is gone, whatever the decoder is doing. */
  @SuppressWarnings("SystemExitOutsideMain") // there is nothing to clean up, and no one to tell
  private void listen() {
    try (FileInputStream in = new FileInputStream(FileDescriptor.in)) {
      while (true) {
        Optional<Task> task = Tasks.read(in);
        if (task.isEmpty()) {
          aborted = true;
        } else {
          Work work = new Work(task.get(), media(task.get().source(), in.getChannel()));
          aborted = false; // an abort that came after the end of the task before
          handed.put(work);
        }
      }
    } catch (IOException | InterruptedException | OutOfMemoryError _) {
      Runtime.getRuntime().halt(0);
    }
  }

  private static MediaBytes media(Source source, FileChannel in) throws IOException {
    return switch (source) {
      case Source.Payload(long length) -> {
        BytePointer memory = new BytePointer(Math.max(length, 1));
        ByteBuffer rest = memory.asByteBuffer().limit((int) length);
        while (rest.hasRemaining()) {
          if (in.read(rest) < 0) {
            throw new IOException("the parent is gone");
          }
        }
        yield MediaBytes.of(memory, length);
      }
      case Source.File(String path) -> {
        if (!Files.isRegularFile(Path.of(path))) {
          throw new IOException("not a regular file");
        }
        yield MediaBytes.of(Path.of(path));
      }
    };
  }

  private void serve() throws IOException, InterruptedException {
    while (true) {
      Work work = handed.take();
      try (MediaBytes media = work.media()) {
        perform(work.task(), media);
      }
    }
  }

  private void perform(Task task, MediaBytes media) throws IOException {
    switch (task.verb()) {
      case Verb.Sample sample -> {
        SampleTask sampling = new SampleTask(task, sample.policy(), replies, () -> aborted);
        try {
          sampling.run(media, task.source() instanceof Source.Payload);
        } catch (Refusal e) {
          refuse(e, sampling.counts());
        }
      }
      case Verb.Probe() -> {
        try {
          ProbeTask.run(media, task.limits(), replies);
        } catch (Refusal e) {
          refuse(e, FrameCounts.NONE);
        }
      }
      case Verb.Cut(long targetMicros) -> {
        try {
          CutTask.run(media, task.limits(), targetMicros, replies, () -> aborted);
        } catch (Refusal e) {
          refuse(e, FrameCounts.NONE);
        }
      }
    }
  }

  private void refuse(Refusal refusal, FrameCounts counts) throws IOException {
    replies.say(new Reply.Refused(refusal.code(), refusal.detail(), counts));
  }
}
