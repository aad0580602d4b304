package dev.densestream.benchmarks.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.densestream.benchmarks.gguf.GgufTable.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GgufModelTest {
  private static final LlamaShape SMALL = new LlamaShape("small", 64, 2, 4, 2, 96, 300, 128);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void readsBackWhatWasWritten(GgufType type) throws IOException {
    GgufTable table = write(SMALL.model(type));

    assertThat(table.magic()).isEqualTo(0x46554747);
    assertThat(table.version()).isEqualTo(3);
    assertThat(table.metadata())
        .containsEntry("general.architecture", "llama")
        .containsEntry("llama.block_count", 2)
        .containsEntry("llama.attention.head_count_kv", 2)
        .containsEntry("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    assertThat(table.tensors()).hasSize(3 + 2 * 9);
    assertThat(table.tensors())
        .extracting(Entry::name, Entry::shape)
        .contains(
            tuple("token_embd.weight", List.of(64L, 300L)),
            tuple("blk.1.attn_k.weight", List.of(64L, 32L)),
            tuple("blk.1.ffn_down.weight", List.of(96L, 64L)));
  }

  @ParameterizedTest
  @EnumSource
  void tensorsLieOneAfterTheOtherUpToTheEnd(GgufType type) throws IOException {
    GgufTable table = write(SMALL.model(type));

    long expected = 0;
    for (Entry tensor : table.tensors()) {
      assertThat(tensor.offset()).as(tensor.name()).isEqualTo(expected);
      int bytes = tensor.type() == 0 ? 4 : 2;
      expected = (expected + tensor.elements() * bytes + 31) / 32 * 32;
    }
    assertThat(Files.size(file())).isEqualTo(table.dataAt() + expected);
  }

  @Test
  void everyTokenHasATextAScoreAndAKind() throws IOException {
    Map<String, Object> metadata = write(SMALL.model(GgufType.F16)).metadata();

    assertThat((List<?>) metadata.get("tokenizer.ggml.tokens"))
        .hasSize(300)
        .doesNotHaveDuplicates();
    assertThat((List<?>) metadata.get("tokenizer.ggml.scores")).hasSize(300);
    assertThat((List<?>) metadata.get("tokenizer.ggml.token_type")).hasSize(300);
  }

  @ParameterizedTest
  @EnumSource
  void weightsAreSmallAndDiffer_gainsAreOne(GgufType type) throws IOException {
    GgufTable table = write(SMALL.model(type));

    float[] weights = values(table, "blk.0.ffn_up.weight");
    for (float weight : weights) {
      assertThat(Math.abs(weight)).isLessThan(0.0361f);
    }
    assertThat(spread(weights)).isBetween(0.015, 0.025);
    assertThat(values(table, "output_norm.weight")).containsOnly(1f);
  }

  /** The control: a file that lost a byte of its table does not read as the same table. */
  @Test
  void aDamagedTableIsNoticed() throws IOException {
    GgufTable whole = write(SMALL.model(GgufType.BF16));
    byte[] bytes = Files.readAllBytes(file());
    bytes[(int) whole.dataAt() - 40]++;
    Files.write(file(), bytes);

    assertThat(GgufTable.read(file())).isNotEqualTo(whole);
  }

  @Test
  void aVisionTowerHasItsProjector() throws IOException {
    ClipShape shape = new ClipShape(28, 14, 32, 2, 2, 64, 48);

    GgufTable table = write(shape.model(GgufType.BF16));

    assertThat(table.metadata()).containsEntry("clip.projector_type", "mlp");
    assertThat(table.tensors())
        .extracting(Entry::name, Entry::shape)
        .contains(
            tuple("v.position_embd.weight", List.of(32L, 5L)),
            tuple("mm.0.weight", List.of(32L, 48L)),
            tuple("mm.2.weight", List.of(48L, 48L)));
  }

  @Test
  void headsThatDoNotDivideTheWidthAreRefused() {
    assertThatThrownBy(() -> new LlamaShape("odd", 65, 2, 4, 2, 96, 300, 128))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Path file() {
    return folder.resolve("model.gguf");
  }

  private GgufTable write(GgufModel model) throws IOException {
    model.write(file(), 7);
    return GgufTable.read(file());
  }

  private float[] values(GgufTable table, String name) throws IOException {
    Entry entry =
        table.tensors().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
    ByteBuffer in =
        ByteBuffer.wrap(Files.readAllBytes(file()))
            .order(ByteOrder.LITTLE_ENDIAN)
            .position((int) (table.dataAt() + entry.offset()));
    float[] values = new float[(int) entry.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (entry.type()) {
            case 0 -> in.getFloat();
            case 1 -> Float.float16ToFloat(in.getShort());
            default -> Float.intBitsToFloat(in.getShort() << 16);
          };
    }
    return values;
  }

  private static double spread(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum / values.length);
  }
}
