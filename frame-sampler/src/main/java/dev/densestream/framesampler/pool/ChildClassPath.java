package dev.densestream.framesampler.pool;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What a decoder process needs of our class path, as files. Jars and folders are used where they
 * are; what lies inside an executable jar is unpacked once into a folder of ours.
 */
final class ChildClassPath {
  private static final String NESTED = "nested:";
  private final ClassLoader loader;
  private final Path unpacked;

  ChildClassPath(ClassLoader loader, Path unpacked) {
    this.loader = loader;
    this.unpacked = unpacked;
  }

  /** The entries that hold these resources, each once, in order. */
  String of(List<String> resources) throws IOException {
    List<Path> entries = new ArrayList<>();
    for (String resource : resources) {
      URL url = loader.getResource(resource);
      if (url == null) {
        throw new IOException("Missing from the class path: " + resource);
      }
      Path entry = entry(url.toString(), resource);
      if (!entries.contains(entry)) {
        entries.add(entry);
      }
    }
    return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /** Names of platforms as in the libraries' jars. */
  static String platform(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT).startsWith("mac") ? "macosx" : "linux";
    String arch =
        switch (osArch) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm64";
          default -> osArch;
        };
    return os + "-" + arch;
  }

  /** The file or folder in which a resource was found. */
  Path entry(String url, String resource) throws IOException {
    String place = url.substring(0, url.length() - resource.length());
    if (place.startsWith("file:")) {
      return Path.of(URI.create(place));
    }
    if (place.startsWith("jar:file:") && place.indexOf("!/") == place.length() - 2) {
      return Path.of(URI.create(place.substring("jar:".length(), place.length() - 2)));
    }
    if (place.startsWith("jar:" + NESTED)) {
      return nested(place.substring("jar:".length() + NESTED.length()));
    }
    throw new IOException("Cannot start a process from class path entry " + place);
  }

  /**
   * @param place such as {@code /app.jar/!BOOT-INF/lib/x.jar!/} or {@code
   *     /app.jar/!BOOT-INF/classes/!/}
   */
  private Path nested(String place) throws IOException {
    int split = place.indexOf("/!");
    Path outer = Path.of(URI.create("file:" + place.substring(0, split)));
    String inner = place.substring(split + 2, place.length() - 2);
    try (ZipFile jar = new ZipFile(outer.toFile())) {
      return inner.endsWith("/") ? folder(jar, inner) : file(jar, inner);
    }
  }

  private Path file(ZipFile jar, String name) throws IOException {
    ZipEntry entry = jar.getEntry(name);
    if (entry == null) {
      throw new IOException("Missing from " + jar.getName() + ": " + name);
    }
    // The checksum in the name: a new version is a new file, and a running process keeps its own.
    Path target =
        unpacked
            .resolve(Long.toHexString(entry.getCrc()))
            .resolve(Path.of(name).getFileName().toString());
    if (!Files.exists(target) || Files.size(target) != entry.getSize()) {
      copy(jar, entry, target);
    }
    return target;
  }

  private Path folder(ZipFile jar, String prefix) throws IOException {
    long checksum = 0;
    List<ZipEntry> inside = new ArrayList<>();
    Enumeration<? extends ZipEntry> all = jar.entries();
    while (all.hasMoreElements()) {
      ZipEntry entry = all.nextElement();
      if (entry.getName().startsWith(prefix) && !entry.isDirectory()) {
        inside.add(entry);
        checksum = 31 * checksum + entry.getCrc() + entry.getName().hashCode();
      }
    }
    Path root = unpacked.resolve(Long.toHexString(checksum)).resolve("classes");
    for (ZipEntry entry : inside) {
      Path target = root.resolve(entry.getName().substring(prefix.length())).normalize();
      if (!target.startsWith(root)) {
        throw new IOException("Entry outside of its jar: " + entry.getName());
      }
      if (!Files.exists(target) || Files.size(target) != entry.getSize()) {
        copy(jar, entry, target);
      }
    }
    return root;
  }

  /** Moved into place whole, because another process may look for it now. */
  private static void copy(ZipFile jar, ZipEntry entry, Path target) throws IOException {
    Path parent = target.getParent();
    if (parent == null) {
      throw new UncheckedIOException(new IOException("no folder: " + target));
    }
    Files.createDirectories(parent);
    Path temporary = Files.createTempFile(parent, "unpacking", ".part");
    try (InputStream in = jar.getInputStream(entry)) {
      Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
  }
}
