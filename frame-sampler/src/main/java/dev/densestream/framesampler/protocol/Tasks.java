package dev.densestream.framesampler.protocol;

import dev.densestream.framesampler.MediaLimits;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.framesampler.protocol.Task.Source;
import dev.densestream.framesampler.protocol.Task.Verb;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StreamCorruptedException;
import java.time.Duration;
import java.util.Optional;

/** Parent to child. */
public final class Tasks {
  private static final int TASK = 1;
  private static final int ABORT = 2;

  private Tasks() {}

  public static byte[] abort() {
    return Wire.message(ABORT, _ -> {});
  }

  public static byte[] message(Task task) {
    return Wire.message(
        TASK,
        out -> {
          write(out, task.verb());
          write(out, task.limits());
          out.writeInt(task.threads());
          write(out, task.source());
        });
  }

  /** The next task, or empty for an abort. */
  public static Optional<Task> read(InputStream from) throws IOException {
    Wire.Received message = Wire.read(from);
    return switch (message.type()) {
      case ABORT -> Optional.empty();
      case TASK -> Optional.of(task(message.body()));
      default -> throw new StreamCorruptedException("message type " + message.type());
    };
  }

  private static Task task(DataInputStream in) throws IOException {
    Verb verb = readVerb(in);
    MediaLimits limits = readLimits(in);
    int threads = in.readInt();
    return new Task(verb, limits, threads, readSource(in));
  }

  private static void write(DataOutputStream out, Verb verb) throws IOException {
    switch (verb) {
      case Verb.Sample(SamplingPolicy policy) -> {
        out.writeByte('s');
        out.writeUTF(policy.text());
      }
      case Verb.Probe() -> out.writeByte('p');
      case Verb.Cut(long targetMicros) -> {
        out.writeByte('c');
        out.writeLong(targetMicros);
      }
    }
  }

  private static Verb readVerb(DataInputStream in) throws IOException {
    int verb = in.readUnsignedByte();
    return switch (verb) {
      case 's' -> new Verb.Sample(SamplingPolicy.parse(in.readUTF()));
      case 'p' -> new Verb.Probe();
      case 'c' -> new Verb.Cut(in.readLong());
      default -> throw new StreamCorruptedException("verb " + verb);
    };
  }

  private static void write(DataOutputStream out, MediaLimits limits) throws IOException {
    out.writeLong(limits.bytes());
    out.writeLong(limits.pixels());
    out.writeLong(limits.frames());
    out.writeInt(limits.streams());
    out.writeLong(limits.silence().toMillis());
    out.writeLong(limits.decoding().toMillis());
  }

  private static MediaLimits readLimits(DataInputStream in) throws IOException {
    return new MediaLimits(
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readInt(),
        Duration.ofMillis(in.readLong()),
        Duration.ofMillis(in.readLong()));
  }

  private static void write(DataOutputStream out, Source source) throws IOException {
    switch (source) {
      case Source.Payload(long length) -> {
        out.writeByte('b');
        out.writeLong(length);
      }
      case Source.File(String path) -> {
        out.writeByte('f');
        out.writeUTF(path);
      }
    }
  }

  private static Source readSource(DataInputStream in) throws IOException {
    int kind = in.readUnsignedByte();
    return switch (kind) {
      case 'b' -> new Source.Payload(in.readLong());
      case 'f' -> new Source.File(in.readUTF());
      default -> throw new StreamCorruptedException("source " + kind);
    };
  }
}
