package dev.densestream.framesampler.pool;

import dev.densestream.framesampler.protocol.Replies;
import dev.densestream.framesampler.protocol.Reply;
import dev.densestream.framesampler.protocol.Tasks;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StreamCorruptedException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One decoder process and its pipes. Read and written by one thread; only {@link #abort} and {@link
 * #end} come from others.
 */
final class ChildProcess {
  private static final long LONGEST_STDERR = 1 << 20;
  private static final Duration ABORT_TIME = Duration.ofSeconds(2);
  private static final Duration WORN = JvmCommand.CPU_TIME.dividedBy(2);
  private static final int SIGNALS = 128;

  private final Process process;
  private final Watchdog watchdog;
  private final InputStream replies;
  private final ReentrantLock writing = new ReentrantLock();
  private @Nullable Future<?> abortEnd;

  private ChildProcess(Process process, Watchdog watchdog) {
    this.process = process;
    this.watchdog = watchdog;
    this.replies = new BufferedInputStream(process.getInputStream(), 1 << 16);
  }

  /**
   * Starts a process and waits until it is ready.
   *
   * @throws IOException when it does not get there
   */
  static ChildProcess start(ChildCommand command, Duration longest, Watchdog watchdog)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command.arguments());
    builder.environment().clear();
    builder.directory(command.folder().toFile());
    ChildProcess child = new ChildProcess(builder.start(), watchdog);
    Thread.ofVirtual().name("segment-decode-stderr").start(child::swallowStderr);
    try {
      Reply hello = child.read(longest.toNanos());
      if (!hello.equals(new Reply.Hello(Replies.VERSION))) {
        throw new StreamCorruptedException("no greeting");
      }
      return child;
    } catch (IOException e) {
      child.end();
      throw e;
    }
  }

  void write(long nanos, byte[] head, byte[] payload) throws IOException {
    writing.lock();
    try {
      watchdog.within(
          nanos,
          process,
          () -> {
            OutputStream out = process.getOutputStream();
            out.write(head);
            out.write(payload);
            out.flush();
            return true;
          });
    } finally {
      writing.unlock();
    }
  }

  Reply read(long nanos) throws IOException {
    return watchdog.within(nanos, process, () -> Replies.read(replies));
  }

  byte[] payload(long nanos, int length) throws IOException {
    return watchdog.within(
        nanos,
        process,
        () -> {
          byte[] bytes = new byte[length];
          if (replies.readNBytes(bytes, 0, length) < length) {
            throw new java.io.EOFException();
          }
          return bytes;
        });
  }

  void skip(long nanos, long length) throws IOException {
    watchdog.within(
        nanos,
        process,
        () -> {
          replies.skipNBytes(length);
          return true;
        });
  }

  /** Asks for the end of the present task, and ends the process unless {@link #settled} follows. */
  synchronized void abort() {
    if (abortEnd != null) {
      return;
    }
    abortEnd = watchdog.endAfter(ABORT_TIME, process);
    if (!writing.tryLock()) {
      end(); // it is still being told what to do, so it cannot be told otherwise
      return;
    }
    try {
      process.getOutputStream().write(Tasks.abort());
      process.getOutputStream().flush();
    } catch (IOException _) {
      end();
    } finally {
      writing.unlock();
    }
  }

  /** The aborted task has ended. False when that came too late. */
  synchronized boolean settled() {
    Future<?> end = abortEnd;
    abortEnd = null;
    return end == null || end.cancel(false);
  }

  void end() {
    watchdog.end(process);
  }

  /** For closing: what has not ended by then is ended for certain. */
  void awaitEnd(long nanos) {
    try {
      if (!process.waitFor(nanos, TimeUnit.NANOSECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Whether it should be relieved before the limit on its processor time ends it. */
  boolean worn() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).compareTo(WORN) > 0;
  }

  boolean alive() {
    return process.isAlive();
  }

  /** How it ended; both empty if it does not want to. */
  Exit exit() {
    try {
      if (process.waitFor(5, TimeUnit.SECONDS)) {
        int value = process.exitValue();
        return value > SIGNALS
            ? new Exit(OptionalInt.of(value), OptionalInt.of(value - SIGNALS))
            : new Exit(OptionalInt.of(value), OptionalInt.empty());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return new Exit(OptionalInt.empty(), OptionalInt.empty());
  }

  record Exit(OptionalInt code, OptionalInt signal) {}

  /** Nobody needs what it says there, but it must not block on it, nor go on for ever. */
  private void swallowStderr() {
    byte[] buffer = new byte[4096];
    long total = 0;
    try (InputStream errors = process.getErrorStream()) {
      for (int count = errors.read(buffer); count >= 0; count = errors.read(buffer)) {
        total += count;
        if (total > LONGEST_STDERR) {
          end();
        }
      }
    } catch (IOException _) {
      // it is gone
    }
  }
}
