package dev.densestream.framesampler.decode;

import dev.densestream.framesampler.protocol.Replies;
import dev.densestream.framesampler.protocol.Reply;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Where replies go. Blocks while the parent does not read: that is the backpressure. */
final class ReplyChannel {
  private final FileChannel out;

  private ReplyChannel(FileChannel out) {
    this.out = out;
  }

  /**
   * Takes stdout for replies alone: they get a descriptor of their own, and the old one then leads
   * nowhere, so that nothing native code prints can mix in.
   */
  @SuppressWarnings("resource") // open until the process ends
  static ReplyChannel takeStdout() throws IOException {
    FileChannel out;
    try {
      out = new FileOutputStream("/dev/fd/1").getChannel();
      new FileOutputStream(FileDescriptor.out).close(); // the JDK points 0 to 2 at /dev/null
    } catch (IOException _) {
      out = new FileOutputStream(FileDescriptor.out).getChannel();
    }
    System.setOut(System.err);
    return new ReplyChannel(out);
  }

  void say(Reply reply) throws IOException {
    write(ByteBuffer.wrap(Replies.message(reply)));
  }

  void say(Reply reply, ByteBuffer payload) throws IOException {
    say(reply);
    write(payload);
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
