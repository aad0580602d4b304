package dev.densestream.visionpipeline.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.visionpipeline.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchFileTest {
  private static final long[] TWO_BY_THREE = {2, 3};
  private static final long[] ROWS = {3, 1};

  @TempDir Path folder;

  @Test
  void readsEveryFloatType_andIntegersBesideThem() throws IOException {
    PickleText pickle = new PickleText().raw("}(");
    pickle.text("a").tensor("FloatStorage", "0", 2, 0, new long[] {2}, new long[] {1});
    pickle.text("b").tensor("HalfStorage", "1", 2, 0, new long[] {1, 2}, new long[] {2, 1});
    pickle.text("c").tensor("BFloat16Storage", "2", 2, 0, new long[] {2, 1}, new long[] {1, 1});
    pickle.text("d").tensor("LongStorage", "3", 1, 0, new long[] {}, new long[] {});
    WeightFile file =
        open(
            TorchZip.of(pickle.raw("u."))
                .floats("0", 1.5f, -2)
                .shorts("1", Float.floatToFloat16(0.25f), Float.floatToFloat16(-8))
                .shorts("2", 0x3fc0, 0xc000)
                .entry("archive/data/3", new byte[] {7, 0, 0, 0, 0, 0, 0, 0}));
    assertThat(file.keys()).containsExactly("a", "b", "c", "d");
    assertThat(file.shape("b")).containsExactly(1L, 2L);
    assertThat(file.floats("a")).containsExactly(1.5f, -2);
    assertThat(file.floats("b")).containsExactly(0.25f, -8);
    assertThat(file.floats("c")).containsExactly(1.5f, -2);
    assertThat(file.longs("d")).containsExactly(7);
    assertThatThrownBy(() -> file.floats("d"))
        .hasMessage("x.bin: tensor d must be F32, F16 or BF16: was I64");
  }

  @Test
  void readsViewsOfOneStorage_transposedAndShiftedAndShared() throws IOException {
    PickleText pickle = new PickleText().raw("}(");
    pickle.text("plain").tensor("FloatStorage", "0", 6, 0, TWO_BY_THREE, ROWS);
    pickle.text("shared").tensor("FloatStorage", "0", 6, 0, TWO_BY_THREE, ROWS);
    pickle.text("turned").tensor("FloatStorage", "0", 6, 0, new long[] {3, 2}, new long[] {1, 3});
    pickle.text("column").tensor("FloatStorage", "0", 6, 1, new long[] {2}, new long[] {3});
    pickle.text("row").tensor("FloatStorage", "0", 6, 3, new long[] {3}, new long[] {1});
    pickle.text("empty").tensor("FloatStorage", "0", 6, 6, new long[] {0, 3}, ROWS);
    WeightFile file = open(TorchZip.of(pickle.raw("u.")).floats("0", 1, 2, 3, 4, 5, 6));
    assertThat(file.floats("plain")).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(file.floats("shared")).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(file.floats("turned")).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(file.floats("column")).containsExactly(2, 5);
    assertThat(file.floats("row")).containsExactly(4, 5, 6);
    assertThat(file.floats("empty")).isEmpty();
    ByteBuffer rows = file.rows(file.stored("turned")).getFirst();
    assertThat(rows.isDirect()).isTrue();
    assertThat(rows.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(rows.asFloatBuffer().get(1)).isEqualTo(4);
  }

  /** As a model's own state is saved: an ordered dictionary with attributes, of parameters. */
  @Test
  void readsAnOrderedDictionaryOfParameters() throws IOException {
    PickleText pickle = new PickleText().global("collections", "OrderedDict").raw(")R(");
    pickle.text("w").global("torch._utils", "_rebuild_parameter").raw("(");
    pickle.tensor("FloatStorage", "0", 6, 0, TWO_BY_THREE, ROWS);
    pickle.raw("\u0088").global("collections", "OrderedDict").raw(")RtR");
    pickle.text("steps").whole(3).raw("u}").text("_metadata").raw("}sb.");
    WeightFile file = open(TorchZip.of(pickle).floats("0", 1, 2, 3, 4, 5, 6));
    assertThat(file.keys()).containsExactly("w");
    assertThat(file.floats("w")).containsExactly(1, 2, 3, 4, 5, 6);
  }

  /** Each stands where a value may stand; the control is that every other test reads its file. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cposix~system~X----id(tR | names posix.system, which is no part of a tensor",
        "c__builtin__~eval~ | names __builtin__.eval",
        "ctorch._utils~_rebuild_tensor~ | names torch._utils._rebuild_tensor,",
        "(iposix~system~ | opcode 0x69",
        "(o | opcode 0x6f",
        "^82- | opcode 0x82",
        "^8b---- | opcode 0x8b",
        ")^81 | opcode 0x81",
        "Pid~ | opcode 0x50",
        "V12~ | opcode 0x56",
        "^8a^09--------- | integer of 9 bytes",
        "NQ | refers to something that is no storage",
        "NNR | calls a plain value",
        "ccollections~OrderedDict~NR | calls collections.OrderedDict",
        "ccollections~OrderedDict~(NtR | makes a dictionary from arguments",
        "ctorch~FloatStorage~)R | calls torch.FloatStorage",
        "ctorch._utils~_rebuild_parameter~(NNNtR | no tensor",
        "ctorch._utils~_rebuild_tensor_v2~)R | no storage and offset",
        "N}b | gives attributes to a plain value",
        "}Nb | gives attributes to a dictionary",
        "}NNs | dictionary key that is a plain value",
        "N(NNu | sets items of a plain value",
        "(NNtNa | adds to a sequence",
        "h- | asks for value 45",
        "t | closes a mark",
        "^87 | takes a value it never made",
        "Xzzzz | has a string of 2054847098 bytes",
        "X--^00^00 | ends in the middle",
      })
  void refusesPicklesThatAreNoPlainTensors(String opcodes, String complaint) {
    PickleText pickle = new PickleText();
    pickle.raw(unescaped(opcodes)).raw(".");
    assertThatThrownBy(() -> open(TorchZip.of(pickle).floats("0", 1)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("x.bin: its pickle")
        .hasMessageContaining(complaint);
  }

  /** {@code ~} ends a line, {@code ^xx} is a byte, {@code -} stands for a byte of 45. */
  private static String unescaped(String text) {
    String lines = text.replace('~', '\n').replace("X----", "X\2\0\0\0");
    return Pattern.compile("\\^(..)")
        .matcher(lines)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(found.group(1), 16))));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2, 3, 3, 2", // the last element is one too far
    "1, 2, 3, 3, 1",
    "0, 7, 1, 1, 1",
    "7, 0, 1, 1, 1",
    "-1, 1, 1, 1, 1",
    "9223372036854775807, 2, 1, 1, 1",
    "0, 4294967296, 4294967296, 4294967296, 1",
    "0, 2, 9223372036854775807, 1, 1",
    "0, 1000000000, 1000000000, 0, 0", // one element, shown a billion billion times
    "0, 3, 3, 1, 1", // more elements than there are
  })
  void refusesTensorsThatReachBeyondTheirStorage(
      long offset, long rows, long columns, long rowStride, long columnStride) {
    PickleText pickle = new PickleText().raw("}(").text("w");
    pickle.tensor(
        "FloatStorage",
        "0",
        6,
        offset,
        new long[] {rows, columns},
        new long[] {rowStride, columnStride});
    assertThatThrownBy(() -> open(TorchZip.of(pickle.raw("u.")).floats("0", 1, 2, 3, 4, 5, 6)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageMatching("x\\.bin: its pickle, .* has a tensor of shape .*");
  }

  @Test
  void refusesNegativeSizesAndStrides() {
    for (long[] shape : new long[][] {{-1, 3}, {2, 3}}) {
      PickleText pickle = new PickleText().raw("}(").text("w");
      pickle.tensor("FloatStorage", "0", 6, 0, shape, new long[] {-3, 1});
      assertThatThrownBy(() -> open(TorchZip.of(pickle.raw("u.")).floats("0", 1, 2, 3, 4, 5, 6)))
          .hasMessageContaining("a dimension that is no size");
    }
  }

  @Test
  void refusesAStorageThatIsMissingOrHasAnotherSize() {
    PickleText pickle =
        new PickleText().raw("}(").text("w").tensor("FloatStorage", "0", 6, 0, TWO_BY_THREE, ROWS);
    pickle.raw("u.");
    assertThatThrownBy(() -> open(TorchZip.of(pickle))).hasMessage("x.bin: has no entry data/0");
    assertThatThrownBy(() -> open(TorchZip.of(pickle).floats("0", 1, 2, 3, 4, 5)))
        .hasMessage("x.bin: entry data/0 must hold 6 elements of F32: has 20 bytes");
  }

  @Test
  void refusesCompressedEntries() {
    PickleText pickle = sound();
    assertThatThrownBy(() -> open(TorchZip.of(pickle).deflated("archive/data/0", new byte[24])))
        .hasMessage("x.bin: entry archive/data/0 is compressed: tensors are stored as they are");
  }

  private static PickleText sound() {
    return new PickleText()
        .raw("}(")
        .text("w")
        .tensor("FloatStorage", "0", 6, 0, TWO_BY_THREE, ROWS)
        .raw("u.");
  }

  /** The zip directory's fields, spoiled one by one: offsets into it and what is written there. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0 | damaged zip directory",
        "8 | 1 | is encrypted",
        "20 | 17 | two different sizes",
        "28 | 200 | damaged zip directory",
        "42 | 7 | does not lie where",
        "47 | 65 | two different names",
      })
  void refusesDamagedDirectories(int offset, int value, String complaint) throws IOException {
    Consumer<ByteBuffer> damage = zip -> zip.put(directory(zip) + offset, (byte) value);
    assertThatThrownBy(() -> open(damaged(damage)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("x.bin: ")
        .hasMessageContaining(complaint);
  }

  @Test
  void refusesEntriesThatAreThereTwice_orOverlap() {
    byte[] twice = TorchZip.of(sound()).floats("0", 1, 2, 3, 4, 5, 6).floats("1", 1).bytes();
    byte[] renamed = replaced(twice, "archive/data/1", "archive/data/0");
    assertThatThrownBy(() -> open(renamed)).hasMessageContaining("archive/data/0 is there twice");

    byte[] inner = TorchZip.of(sound()).floats("0", 1, 2, 3, 4, 5, 6).bytes();
    byte[] nested = new TorchZip().entry("archive/data.pkl", inner).bytes();
    ByteBuffer zip = ByteBuffer.wrap(nested).order(ByteOrder.LITTLE_ENDIAN);
    assertThatThrownBy(() -> open(overlapping(zip))).hasMessageContaining("overlap");
  }

  /** A file whose second entry lies inside its first. */
  private static byte[] overlapping(ByteBuffer nested) {
    int outer = directory(nested);
    int local = 30 + "archive/data.pkl".length();
    byte[] entry = new byte[46 + "archive/data.pkl".length()];
    nested.get(outer, entry);
    ByteBuffer second = ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer all =
        ByteBuffer.allocate(nested.capacity() + entry.length).order(ByteOrder.LITTLE_ENDIAN);
    all.put(nested.slice(0, outer + entry.length));
    int size = nested.getInt(local + 18);
    second.putInt(20, size).putInt(24, size).putInt(42, local);
    all.put(second.array());
    byte[] end = new byte[22];
    nested.get(outer + entry.length, end);
    ByteBuffer tail = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
    tail.putInt(12, 2 * entry.length);
    all.put(tail.array());
    byte[] name = "archive/data.pkX".getBytes(StandardCharsets.US_ASCII);
    all.put(local + 30, name).put(outer + entry.length + 46, name);
    return all.array();
  }

  private static byte[] replaced(byte[] bytes, String from, String to) {
    Charset latin = StandardCharsets.ISO_8859_1;
    return new String(bytes, latin).replace(from, to).getBytes(latin);
  }

  private static int directory(ByteBuffer zip) {
    return zip.order(ByteOrder.LITTLE_ENDIAN).getInt(zip.capacity() - 6);
  }

  private byte[] damaged(Consumer<ByteBuffer> damage) {
    byte[] zip = TorchZip.of(sound()).floats("0", 1, 2, 3, 4, 5, 6).bytes();
    damage.accept(ByteBuffer.wrap(zip));
    return zip;
  }

  @Test
  void refusesAFileThatIsCutShort_anywhere() {
    byte[] zip = TorchZip.of(sound()).floats("0", 1, 2, 3, 4, 5, 6).bytes();
    for (int length = 0; length < zip.length; length++) {
      byte[] cut = Arrays.copyOf(zip, length);
      assertThatThrownBy(() -> open(cut))
          .isInstanceOf(CheckpointException.class)
          .hasMessageStartingWith("x.bin");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"archive/other.pkl", "data.pkl", "a/b/data.pkl"})
  void refusesAZipFileWithoutTensors(String name) {
    assertThatThrownBy(() -> open(new TorchZip().entry(name, sound().bytes())))
        .hasMessageContaining("has no entry data.pkl");
  }

  @Test
  void refusesProgramsAndOldFormatsAndBigEndianOnes() {
    assertThatThrownBy(() -> open(TorchZip.of(sound()).entry("archive/constants.pkl", new byte[3])))
        .hasMessageContaining("TorchScript program, which holds code");
    assertThatThrownBy(() -> open(new PickleText().raw("\u008a\nabc").bytes()))
        .hasMessageContaining("format PyTorch wrote before 1.6");
    assertThatThrownBy(
            () ->
                open(
                    TorchZip.of(sound())
                        .floats("0", 1, 2, 3, 4, 5, 6)
                        .entry("archive/byteorder", new byte[] {'b', 'i', 'g'})))
        .hasMessageContaining("byteorder must be little");
    assertThatThrownBy(() -> open(TorchZip.of(new PickleText().raw("]."))))
        .hasMessageContaining("must hold a dictionary of tensors");
    assertThatThrownBy(() -> open(TorchZip.of(new PickleText().raw("}."))))
        .hasMessageContaining("holds none");
  }

  @Test
  void stopsAtItsLimits() {
    PickleText pickle = new PickleText();
    pickle.raw("N".repeat(100_001));
    assertThatThrownBy(() -> open(TorchZip.of(pickle)))
        .hasMessageContaining("stacks more than 100000 values");
    PickleText endless = new PickleText();
    endless.raw("N").raw("\u0085".repeat(2_000_000));
    assertThatThrownBy(() -> open(TorchZip.of(endless)))
        .hasMessageContaining("more than 2000000 opcodes");
    PickleText forgetful = new PickleText().raw("N").raw("\u0094".repeat(500_001));
    assertThatThrownBy(() -> open(TorchZip.of(forgetful)))
        .hasMessageContaining("remembers more than 500000 values");
  }

  private WeightFile open(TorchZip zip) throws IOException {
    return open(zip.bytes());
  }

  private WeightFile open(byte[] content) throws IOException {
    return WeightFile.open(Files.write(folder.resolve("x.bin"), content));
  }
}
