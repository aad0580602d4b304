package dev.densestream.visionpipeline.runtime;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The C library's own answers, asked for after the engine's natives were prepared for. */
@SuppressWarnings("restricted")
class NativeEnvironmentTest {
  /**
   * By itself glibc maps anew what is larger than 32 MiB. What is larger than 64 MiB it also maps
   * anew in a thread that had an arena of its own before it was told, as this test's thread may.
   */
  private static final long LARGE = 40L << 20;

  private static final Linker LINKER = Linker.nativeLinker();

  @BeforeEach
  void onGlibc() {
    assumeThat(LINKER.defaultLookup().find("gnu_get_libc_version")).isPresent();
    NativeEnvironment.prepare();
  }

  @Test
  void waitingThreadsSleep_unlessTheUserSaysOtherwise() throws Throwable {
    MethodHandle getenv = function("getenv", FunctionDescriptor.of(ADDRESS, ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value =
          (MemorySegment) getenv.invokeExact(arena.allocateFrom("OMP_WAIT_POLICY"));
      String given = System.getenv("OMP_WAIT_POLICY");
      assertThat(value.reinterpret(64).getString(0)).isEqualTo(given == null ? "PASSIVE" : given);
    }
  }

  @Test
  void givenBackMemoryIsKept() throws Throwable {
    assumeThat(System.getenv("MALLOC_MMAP_THRESHOLD_")).isNull();
    useOnce();
    long before = faults();
    useOnce();

    assertThat(faults() - before).isLessThan(LARGE / 4096 / 10);
  }

  private static void useOnce() throws Throwable {
    MethodHandle malloc = function("malloc", FunctionDescriptor.of(ADDRESS, JAVA_LONG));
    MethodHandle free = function("free", FunctionDescriptor.ofVoid(ADDRESS));
    MemorySegment memory = ((MemorySegment) malloc.invokeExact(LARGE)).reinterpret(LARGE);
    memory.fill((byte) 1);
    free.invokeExact(memory);
  }

  private static MethodHandle function(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
  }

  /** Minor page faults of this thread. */
  private static long faults() throws IOException {
    String line = Files.readString(Path.of("/proc/thread-self/stat"));
    List<String> fields = List.of(line.substring(line.lastIndexOf(')') + 2).split(" ", -1));
    return Long.parseLong(fields.get(7));
  }
}
