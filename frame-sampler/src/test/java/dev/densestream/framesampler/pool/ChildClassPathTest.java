package dev.densestream.framesampler.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildClassPathTest {
  @TempDir Path folder;

  @Test
  void usesJarsAndFolders_whereTheyAre() throws IOException {
    assertThat(entry("file:/opt/app/target/classes/a/B.class", "a/B.class"))
        .isEqualTo(Path.of("/opt/app/target/classes"));
    assertThat(entry("jar:file:/opt/x%20y/lib.jar!/a/B.class", "a/B.class"))
        .isEqualTo(Path.of("/opt/x y/lib.jar"));
  }

  @Test
  void unpacksNestedJars_once() throws IOException {
    byte[] library = zip(Map.of("a/B.class", "bytes".getBytes(UTF_8)), false);
    Path application = application(library);
    String url = "jar:nested:" + application + "/!BOOT-INF/lib/lib-1.0.jar!/a/B.class";
    Path unpacked = entry(url, "a/B.class");
    assertThat(unpacked).hasFileName("lib-1.0.jar").hasBinaryContent(library);
    var written = Files.getLastModifiedTime(unpacked);
    assertThat(entry(url, "a/B.class")).isEqualTo(unpacked);
    assertThat(Files.getLastModifiedTime(unpacked)).isEqualTo(written);
  }

  @Test
  void unpacksAnotherVersion_besideTheFirst() throws IOException {
    String url = "jar:nested:" + folder + "/app.jar/!BOOT-INF/lib/lib-1.0.jar!/a/B.class";
    application(zip(Map.of("a/B.class", "one".getBytes(UTF_8)), false));
    Path first = entry(url, "a/B.class");
    byte[] newer = zip(Map.of("a/B.class", "two".getBytes(UTF_8)), false);
    application(newer);
    Path second = entry(url, "a/B.class");
    assertThat(second).isNotEqualTo(first).hasBinaryContent(newer);
  }

  @Test
  void unpacksTheApplicationsOwnClasses() throws IOException {
    Path application = application(new byte[0]);
    Path unpacked =
        entry("jar:nested:" + application + "/!BOOT-INF/classes/!/a/B.class", "a/B.class");
    assertThat(unpacked.resolve("a/B.class")).hasContent("own");
  }

  @Test
  void refusesOtherPlaces() {
    assertThatThrownBy(() -> entry("jrt:/java.base/a/B.class", "a/B.class"))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> new ChildClassPath(loader(), folder).of(List.of("no/Such.class")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no/Such.class");
  }

  @Test
  void knowsThePlatformsNames() {
    assertThat(ChildClassPath.platform("Linux", "amd64")).isEqualTo("linux-x86_64");
    assertThat(ChildClassPath.platform("Linux", "aarch64")).isEqualTo("linux-arm64");
    assertThat(ChildClassPath.platform("Mac OS X", "aarch64")).isEqualTo("macosx-arm64");
  }

  @Test
  void restarts_areImmediateAtFirst_thenSlower_thenImmediateAgain() {
    RestartPace pace = new RestartPace();
    long now = 5;
    for (int i = 0; i < 5; i++) {
      assertThat(pace.failed(now)).isZero();
    }
    assertThat(pace.failed(now)).isEqualTo(Duration.ofSeconds(1));
    assertThat(pace.failed(now)).isEqualTo(Duration.ofSeconds(2));
    for (int i = 0; i < 50; i++) {
      assertThat(pace.failed(now)).isLessThanOrEqualTo(Duration.ofSeconds(30));
    }
    assertThat(pace.failed(now + Duration.ofSeconds(61).toNanos())).isZero();
  }

  private Path entry(String url, String resource) throws IOException {
    return new ChildClassPath(loader(), folder.resolve("unpacked")).entry(url, resource);
  }

  private static ClassLoader loader() {
    return ChildClassPathTest.class.getClassLoader();
  }

  /** An executable jar as Spring Boot lays it out: libraries stored, not compressed. */
  private Path application(byte[] library) throws IOException {
    byte[] jar =
        zip(
            Map.of(
                "BOOT-INF/lib/lib-1.0.jar",
                library,
                "BOOT-INF/classes/a/B.class",
                "own".getBytes(UTF_8)),
            true);
    return Files.write(folder.resolve("app.jar"), jar);
  }

  private static byte[] zip(Map<String, byte[]> entries, boolean stored) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        if (stored) {
          CRC32 checksum = new CRC32();
          checksum.update(file.getValue());
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(file.getValue().length);
          entry.setCrc(checksum.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(file.getValue());
      }
    }
    return bytes.toByteArray();
  }
}
