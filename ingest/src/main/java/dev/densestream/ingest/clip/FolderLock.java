package dev.densestream.ingest.clip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second store, of this process or another, out of a folder. Caller closes.
 *
 * <p>A shared folder is marked instead of locked, because file systems that many machines have at
 * once differ in what a lock means there; the mark keeps stores out that want it for themselves.
 */
final class FolderLock implements AutoCloseable {
  private static final String SHARED = ".shared";
  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /** For one store alone. */
  static FolderLock take(Path folder) throws IOException {
    if (Files.exists(folder.resolve(SHARED))) {
      throw new IllegalStateException(
          "the clip folder "
              + folder
              + " is shared: share it here too, or delete .shared in it when nobody else uses it");
    }
    return lock(folder);
  }

  /** For stores that all share it. */
  static FolderLock share(Path folder) throws IOException {
    if (!Files.exists(folder.resolve(SHARED))) {
      try (FolderLock _ = lock(folder)) { // nobody has it for himself
        Files.write(folder.resolve(SHARED), new byte[0]);
      }
    }
    return new FolderLock(FileChannel.open(folder.resolve(SHARED), StandardOpenOption.READ));
  }

  private static FolderLock lock(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return new FolderLock(channel);
      }
    } catch (OverlappingFileLockException _) {
      // held within this process
    }
    channel.close();
    throw new IllegalStateException(
        "another process uses the clip folder " + folder + ": give each its own");
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("could not release the clip folder", e);
    }
  }
}
