package dev.densestream.framesampler.pool;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.decode.DecoderProcess;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A small JVM of the version that runs this, with limits around it. The first call unpacks the
 * libraries; after that a process writes no file, and where {@code prlimit} exists it could not.
 */
final class JvmCommand implements ChildCommand {
  static final Duration CPU_TIME = Duration.ofHours(4);
  private static final List<Path> PRLIMIT =
      List.of(Path.of("/usr/bin/prlimit"), Path.of("/bin/prlimit"));
  private final DecoderSettings settings;
  private final Path scratch;
  private @Nullable List<String> prepared;

  JvmCommand(DecoderSettings settings) {
    this.settings = settings;
    this.scratch = settings.scratch().orElseGet(JvmCommand::cache).toAbsolutePath();
  }

  @Override
  public Path folder() {
    return scratch;
  }

  @Override
  public synchronized List<String> arguments() throws IOException, InterruptedException {
    List<String> arguments = prepared;
    if (arguments == null) {
      Files.createDirectories(scratch);
      String classPath = classPath();
      Path natives = scratch.resolve("natives-" + Integer.toHexString(classPath.hashCode()));
      List<String> java = java(classPath, natives);
      unpack(java, natives);
      arguments = new ArrayList<>(limits());
      arguments.addAll(java);
      arguments.add(DecoderProcess.class.getName());
      prepared = arguments = List.copyOf(arguments);
    }
    return arguments;
  }

  private String classPath() throws IOException {
    String platform =
        ChildClassPath.platform(System.getProperty("os.name"), System.getProperty("os.arch"));
    String library = platform.startsWith("macosx") ? ".dylib" : ".so";
    return new ChildClassPath(DecoderProcess.class.getClassLoader(), scratch.resolve("classpath"))
        .of(
            List.of(
                DecoderProcess.class.getName().replace('.', '/') + ".class",
                "org/bytedeco/javacpp/Loader.class",
                "org/bytedeco/javacpp/" + platform + "/libjnijavacpp" + library,
                "org/bytedeco/ffmpeg/global/avutil.class",
                "org/bytedeco/ffmpeg/" + platform + "/libjniavutil" + library));
  }

  private List<String> java(String classPath, Path natives) {
    long direct = 3 * settings.limits().pixels() + (32L << 20);
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xms8m",
        "-Xmx64m",
        "-Xss512k",
        "-XX:MaxDirectMemorySize=" + direct,
        "-XX:ReservedCodeCacheSize=16m",
        "-XX:CompressedClassSpaceSize=16m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:+SuppressFatalErrorMessage",
        "-XX:-CreateCoredumpOnCrash",
        "-Xrs",
        "--enable-native-access=ALL-UNNAMED",
        "-Dorg.bytedeco.javacpp.cachedir=" + natives,
        "-Dorg.bytedeco.javacpp.nopointergc=true",
        "-Dorg.bytedeco.javacpp.maxbytes=0",
        "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
        "-cp",
        classPath);
  }

  /** Memory, time and no files, set from outside before the JVM starts. */
  private List<String> limits() {
    return PRLIMIT.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .map(
            program ->
                List.of(
                    program.toString(),
                    "--as=" + settings.memoryBytes(),
                    "--cpu=" + CPU_TIME.toSeconds(),
                    "--fsize=0",
                    "--nofile=256",
                    "--core=0"))
        .orElse(List.of());
  }

  /** Has the libraries unpacked by a process that may write. */
  private void unpack(List<String> java, Path natives) throws IOException, InterruptedException {
    Path done = natives.resolve("unpacked");
    if (Files.exists(done)) {
      return;
    }
    Files.createDirectories(natives);
    List<String> arguments = new ArrayList<>(java);
    arguments.add(DecoderProcess.class.getName());
    arguments.add(DecoderProcess.PREPARE);
    ProcessBuilder builder =
        new ProcessBuilder(arguments)
            .directory(scratch.toFile())
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    builder.environment().clear();
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException("Unpacking the decoder's libraries takes too long.");
    }
    if (process.exitValue() != 0) {
      throw new IOException("The decoder's libraries do not load on this machine.");
    }
    try {
      Files.createFile(done);
    } catch (FileAlreadyExistsException _) {
      // another of us was here at the same time
    }
  }

  /** A folder in the user's cache, or one of its own where there is no such place to write to. */
  private static Path cache() {
    Path home = Path.of(System.getProperty("user.home", ""));
    Path folder = home.resolve(Path.of(".cache", "densestream", "decoder"));
    try {
      if (home.isAbsolute() && Files.isWritable(Files.createDirectories(folder))) {
        return folder;
      }
    } catch (IOException _) {
      // a read-only root, as in a container
    }
    try {
      return Files.createTempDirectory("densestream-decoder");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(
          "No folder to unpack the decoder in: set a scratch folder.", e);
    }
  }
}
