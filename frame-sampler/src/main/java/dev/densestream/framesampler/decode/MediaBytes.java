package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FORCE;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EIO;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * The encoded media, and the only thing FFmpeg can read from. Owns its memory or its open file; may
 * be read by one demuxer after another.
 */
final class MediaBytes implements AutoCloseable {
  private static final int BUFFER = 1 << 16;
  private final Content content;

  /** Reads at a place. */
  private interface Content extends AutoCloseable {
    long size();

    int read(long at, ByteBuffer to) throws IOException;

    @Override
    void close();
  }

  private MediaBytes(Content content) {
    this.content = content;
  }

  /** Takes over the memory. */
  static MediaBytes of(BytePointer memory, long length) {
    return new MediaBytes(new Memory(memory, length));
  }

  static MediaBytes of(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file);
    return new MediaBytes(new OpenFile(channel, channel.size()));
  }

  long size() {
    return content.size();
  }

  /** The first bytes, at most as many as fit. */
  int head(ByteBuffer to) throws IOException {
    int total = 0;
    while (to.hasRemaining()) {
      int count = content.read(total, to);
      if (count <= 0) {
        break;
      }
      total += count;
    }
    return total;
  }

  Reader reader() {
    return new Reader();
  }

  @Override
  public void close() {
    content.close();
  }

  /** One pass over the media, for one demuxer. Closed after the demuxer is. */
  final class Reader implements AutoCloseable {
    // Fields, because native code calls them for as long as the context lives.
    private final Read_packet_Pointer_BytePointer_int read = new Read();
    private final Seek_Pointer_long_int seek = new Seek();
    private final AVIOContext context;
    private long position;
    private boolean pastEnd;

    private Reader() {
      BytePointer buffer = new BytePointer(av_malloc(BUFFER));
      this.context = avio_alloc_context(buffer, BUFFER, 0, null, read, null, seek);
      context.seekable(1);
    }

    AVIOContext context() {
      return context;
    }

    /** Whether the container points behind its end: part of the media is missing. */
    boolean pastEnd() {
      return pastEnd;
    }

    @Override
    public void close() {
      av_free(context.buffer());
      avio_context_free(context);
      read.close();
      seek.close();
    }

    private int read(BytePointer to, int size) {
      try {
        if (position >= content.size()) {
          return AVERROR_EOF;
        }
        int count = content.read(position, to.capacity(size).asByteBuffer());
        if (count <= 0) {
          return AVERROR_EOF;
        }
        position += count;
        return count;
      } catch (IOException | RuntimeException _) {
        return AVERROR_EIO(); // an exception must not cross native frames
      }
    }

    private long seek(long offset, int whence) {
      long target =
          switch (whence & ~AVSEEK_FORCE) {
            case 0 -> offset;
            case 1 -> position + offset;
            case 2 -> content.size() + offset;
            default -> -1;
          };
      if (whence == AVSEEK_SIZE) {
        return content.size();
      }
      pastEnd |= target > content.size();
      if (target < 0 || target > content.size()) {
        return AVERROR_EIO();
      }
      position = target;
      return target;
    }

    private final class Read extends Read_packet_Pointer_BytePointer_int {
      @Override
      public int call(Pointer opaque, BytePointer to, int size) {
        return Reader.this.read(to, size);
      }
    }

    private final class Seek extends Seek_Pointer_long_int {
      @Override
      public long call(Pointer opaque, long offset, int whence) {
        return Reader.this.seek(offset, whence);
      }
    }
  }

  private record Memory(BytePointer memory, long size) implements Content {
    @Override
    public int read(long at, ByteBuffer to) {
      int count = (int) Math.min(to.remaining(), size - at);
      to.put(memory.getPointer(at).capacity(count).asByteBuffer());
      return count;
    }

    @Override
    public void close() {
      memory.deallocate();
    }
  }

  private record OpenFile(FileChannel channel, long size) implements Content {
    @Override
    public int read(long at, ByteBuffer to) throws IOException {
      return channel.read(to, at);
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException _) {
        // it was only read
      }
    }
  }
}
