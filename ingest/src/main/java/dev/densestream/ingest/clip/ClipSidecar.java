package dev.densestream.ingest.clip;

import dev.densestream.ingest.Media;
import dev.densestream.ingest.StoredClip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is kept beside a clip's file, so that a restarted store knows it again. */
final class ClipSidecar {
  private static final Logger log = LoggerFactory.getLogger(ClipSidecar.class);
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

  private ClipSidecar() {}

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  static byte[] write(StoredClip clip) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("id", clip.id());
    root.put("name", clip.name());
    root.put("contentType", clip.contentType());
    root.put("sizeBytes", clip.sizeBytes());
    root.put("sha256", clip.sha256());
    root.put("storedAt", clip.storedAt().toString());
    return MAPPER.writeValueAsBytes(root);
  }

  /** Empty, with a warning, where the clip or what is known of it is damaged. */
  static Optional<StoredClip> read(Path sidecar, Function<String, Path> mediaFile)
      throws IOException {
    byte[] json = Files.readAllBytes(sidecar);
    try {
      JsonNode root = MAPPER.readTree(json);
      String id = root.required("id").stringValue();
      Path media = mediaFile.apply(id);
      long size = root.required("sizeBytes").longValue();
      boolean ours = isId(id) && sidecar.getFileName().toString().startsWith(id);
      if (!ours || !Files.isRegularFile(media) || Files.size(media) != size) {
        log.warn("clip {} does not match its file any more and is left out", sidecar);
        return Optional.empty();
      }
      return Optional.of(
          new StoredClip(
              id,
              root.path("name").stringValue(null),
              root.required("contentType").stringValue(),
              new Media.File(media, size),
              root.required("sha256").stringValue(),
              Instant.parse(root.required("storedAt").stringValue())));
    } catch (JacksonException | DateTimeParseException e) {
      log.warn("clip description {} is damaged and is left out: {}", sidecar, e.toString());
      return Optional.empty();
    }
  }
}
