package dev.densestream.ingest.source;

import dev.densestream.ingest.FetchedMedia;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.MediaRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Opens files of the configured folders, wherever links may lead, and no others. */
final class AllowedFolders {
  private final List<Path> folders;

  AllowedFolders(List<Path> folders) {
    this.folders = folders.stream().map(folder -> folder.toAbsolutePath().normalize()).toList();
  }

  FetchedMedia open(Path path) {
    if (folders.stream().noneMatch(path::startsWith)) {
      throw outside(path);
    }
    try {
      Path real = path.toRealPath();
      if (!isInside(real)) {
        throw outside(path);
      }
      if (!Files.isRegularFile(real)) {
        throw notFound(path);
      }
      Media.File media = new Media.File(real, Files.size(real));
      return new FetchedMedia(media, "application/octet-stream", false);
    } catch (NoSuchFileException _) {
      throw notFound(path);
    } catch (IOException _) {
      throw new MediaRefusedException(
          "fetch_failed", Location.shown(path.toString()) + " cannot be read; check its rights.");
    }
  }

  private boolean isInside(Path real) throws IOException {
    for (Path folder : folders) {
      if (Files.exists(folder) && real.startsWith(folder.toRealPath())) {
        return true;
      }
    }
    return false;
  }

  private static MediaRefusedException outside(Path path) {
    return Location.forbidden(path.toString(), "it is in none of the folders allowed here");
  }

  private static MediaRefusedException notFound(Path path) {
    return new MediaRefusedException(
        "not_found", "There is no file " + Location.shown(path.toString()) + ".");
  }
}
