package dev.densestream.visionpipeline.runtime;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What glibc and OpenMP are told before the engine's natives are loaded: OpenMP reads its settings
 * once, then. What the user has set in the environment stays. Other C libraries are left alone.
 *
 * <p>The functions and numbers are those of mallopt(3) and setenv(3), and the variables those of
 * the GNU C library's and the GNU OpenMP library's manuals.
 */
final class NativeEnvironment {
  /**
   * OpenMP's waiting threads would spin without end, and take the cores from decoding and Kafka.
   * Not at all is no good either: to wake one costs more than most of the operators of a decode
   * step. This is about 0.1 ms. The one place that says so.
   */
  private static final Map<String, String> OPEN_MP =
      Map.of("OMP_WAIT_POLICY", "PASSIVE", "GOMP_SPINCOUNT", "10000");

  private static final Logger log = LoggerFactory.getLogger(NativeEnvironment.class);
  private static final long PAGE = 4096;

  /** As Linux numbers it. */
  private static final int NO_HUGE_PAGES = 15;

  private static boolean prepared;

  /**
   * One setting of the allocator. Every large activation would be mapped and unmapped anew, at the
   * price of its page faults; so would one above 64 MiB in any arena but the first, which is why
   * there is one for all threads. Threads that run already keep theirs: the launcher and the
   * container tell glibc before the process starts.
   *
   * @param variable by which a user sets it
   * @param tunable the same in the word list {@code GLIBC_TUNABLES}
   */
  private record Allocation(String variable, String tunable, int parameter, int value) {}

  private static final Allocation[] ALLOCATIONS = {
    new Allocation("MALLOC_TRIM_THRESHOLD_", "glibc.malloc.trim_threshold", -1, Integer.MAX_VALUE),
    new Allocation("MALLOC_TOP_PAD_", "glibc.malloc.top_pad", -2, 512 << 20),
    new Allocation("MALLOC_MMAP_THRESHOLD_", "glibc.malloc.mmap_threshold", -3, Integer.MAX_VALUE),
    new Allocation("MALLOC_ARENA_MAX", "glibc.malloc.arena_max", -8, 1),
  };

  private NativeEnvironment() {}

  /** Does it, the first time. */
  static synchronized void prepare() {
    if (prepared) {
      return;
    }
    prepared = true;
    Linker linker = Linker.nativeLinker();
    SymbolLookup library = linker.defaultLookup();
    if (library.find("gnu_get_libc_version").isEmpty()) {
      return;
    }
    try {
      keepMemory(function(linker, library, "mallopt", JAVA_INT, JAVA_INT));
      setVariables(function(linker, library, "setenv", ADDRESS, ADDRESS, JAVA_INT));
    } catch (Throwable e) { // what a method handle declares; it is only slower without
      log.warn("the C library could not be told how to keep memory: {}", e.toString());
    }
  }

  /** Gives what is free and was kept back to the system: malloc_trim(3). */
  static synchronized void trim() {
    Linker linker = Linker.nativeLinker();
    SymbolLookup library = linker.defaultLookup();
    if (library.find("gnu_get_libc_version").isEmpty()) {
      return;
    }
    try {
      long nothingKept = 0;
      int given =
          (int) function(linker, library, "malloc_trim", JAVA_LONG).invokeExact(nothingKept);
      log.debug("free memory was given back: {}", given == 1);
    } catch (Throwable e) { // what a method handle declares; it only takes more memory without
      log.warn("the C library could not be told to give memory back: {}", e.toString());
    }
  }

  /**
   * Undoes, for a block of it, that memory comes in pages of 2 MB, of which a byte is enough to
   * take the whole: madvise(2).
   */
  static void keepPagesSmall(ByteBuffer memory) {
    Linker linker = Linker.nativeLinker();
    SymbolLookup library = linker.defaultLookup();
    MemorySegment block = MemorySegment.ofBuffer(memory);
    long first = Math.ceilDiv(block.address(), PAGE) * PAGE;
    long end = (block.address() + block.byteSize()) / PAGE * PAGE;
    if (end <= first || library.find("gnu_get_libc_version").isEmpty()) {
      return;
    }
    MemorySegment pages = MemorySegment.ofAddress(first);
    try {
      MethodHandle madvise = function(linker, library, "madvise", ADDRESS, JAVA_LONG, JAVA_INT);
      int refused = (int) madvise.invokeExact(pages, end - first, NO_HUGE_PAGES);
      log.debug("small pages were refused: {}", refused != 0); // by a kernel that has no others
    } catch (Throwable e) { // what a method handle declares; it only takes more memory without
      log.warn("the system could not be told to keep pages small: {}", e.toString());
    }
  }

  private static void keepMemory(MethodHandle mallopt) throws Throwable {
    String tunables = Optional.ofNullable(System.getenv("GLIBC_TUNABLES")).orElse("");
    for (Allocation setting : ALLOCATIONS) {
      boolean given =
          System.getenv(setting.variable()) != null || tunables.contains(setting.tunable());
      if (!given && (int) mallopt.invokeExact(setting.parameter(), setting.value()) == 0) {
        log.warn("the C library refuses {}", setting);
      }
    }
  }

  private static void setVariables(MethodHandle setenv) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      for (Map.Entry<String, String> variable : OPEN_MP.entrySet()) {
        MemorySegment name = arena.allocateFrom(variable.getKey());
        MemorySegment value = arena.allocateFrom(variable.getValue());
        int keepGiven = 0;
        if ((int) setenv.invokeExact(name, value, keepGiven) != 0) {
          log.warn("the C library refuses {}", variable);
        }
      }
    }
  }

  @SuppressWarnings("restricted") // the commands' JVMs are told to allow it
  private static MethodHandle function(
      Linker linker, SymbolLookup library, String name, MemoryLayout... arguments) {
    return linker.downcallHandle(
        library.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }
}
