package dev.densestream.answerservice.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.ModelSettings;
import dev.densestream.answerservice.tokenizer.TokenizerException;
import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.DeviceMissingException;
import dev.densestream.visionpipeline.Precision;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Makes every case of the manual's table from the demo model, and reads what is said. */
class ModelErrorsTest {
  private static final Path TABLE = Path.of("../src/docs/model-errors.md");
  private static final Pattern ROW = Pattern.compile("\\| ([^|]+) \\| `(.+)` \\|");
  private static final String WEIGHTS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final Map<String, Spoiling> CASES = cases();

  @TempDir Path model;

  private interface Spoiling {
    void spoil(Path model) throws IOException;
  }

  private static Map<String, Spoiling> cases() {
    Map<String, Spoiling> cases = new LinkedHashMap<>();
    cases.put("no such directory", ModelErrorsTest::deleteAll);
    cases.put("no config.json", at -> Files.delete(at.resolve("config.json")));
    cases.put("config.json damaged", at -> edit(at, "config.json", "\"vocab_size\" ?:", ""));
    cases.put(
        "key missing in config.json", at -> edit(at, "config.json", "\"hidden_size\"", "\"x\""));
    cases.put(
        "key of the wrong kind",
        at -> edit(at, "config.json", "\"hidden_size\" ?: [0-9]+", "\"hidden_size\": \"large\""));
    cases.put("unknown architecture", at -> edit(at, "config.json", "llava_llama", "gpt_neox"));
    cases.put(
        "key of the wrong kind in generation_config.json",
        at -> write(at, "generation_config.json", "{\"eos_token_id\": [2, \"</s>\"]}"));
    cases.put(
        "generation_config.json damaged", at -> write(at, "generation_config.json", "{\"eos\": "));
    cases.put(
        "tokenizer_config.json of the wrong kind",
        at -> edit(at, "tokenizer_config.json", "false", "\"no\""));
    cases.put(
        "special_tokens_map.json of the wrong kind",
        at -> write(at, "special_tokens_map.json", "{\"eos_token\": {\"content\": 7}}"));
    cases.put(
        "added_tokens.json of the wrong kind",
        at -> write(at, "added_tokens.json", "{\"<image>\": \"last\"}"));
    cases.put(
        "preprocessor_config.json of the wrong kind",
        at -> edit(at, DemoModelFiles.TOWER + "/preprocessor_config.json", "0.26862954", "0.0"));
    cases.put(
        "index of shards of the wrong kind",
        at -> write(at, INDEX, "{\"weight_map\": {\"model.norm.weight\": 1}}"));
    cases.put(
        "unknown conversation template in densestream.json",
        at -> edit(at, "densestream.json", "mistral_instruct", "vicuna_v9"));
    cases.put("key twice", at -> write(at, "generation_config.json", "{\"a\": 1, \"a\": 2}"));
    cases.put(
        "nested too deeply", at -> write(at, "added_tokens.json", "{\"a\":" + "[".repeat(99_999)));
    cases.put("side file of the wrong size", at -> grow(at.resolve("special_tokens_map.json")));
    cases.put("no weights", at -> Files.delete(at.resolve(WEIGHTS)));
    cases.put("shard missing", at -> index(at, "model.norm.weight", "model-00002-of-00002"));
    cases.put(
        "index and shard disagree",
        at -> {
          Files.move(at.resolve(WEIGHTS), at.resolve("model-00001-of-00002.safetensors"));
          index(at, "model.nothing", "model-00001-of-00002");
        });
    cases.put("index leads elsewhere", at -> index(at, "model.norm.weight", "../other"));
    cases.put("safetensors cut short", ModelErrorsTest::cut);
    cases.put("pytorch_model.bin cut short", at -> pickle(at, "}.", -1));
    cases.put("pytorch_model.bin runs code", at -> pickle(at, "cposix\nsystem\n", 0));
    cases.put(
        "pytorch_model.bin of an old PyTorch",
        at -> bin(at, new byte[] {(byte) 0x80, 2, (byte) 0x8a, 10}));
    cases.put(
        "tensor missing", at -> edit(at, WEIGHTS, "model\\.norm\\.weight", "model.norm.height"));
    cases.put(
        "shape mismatch",
        at -> edit(at, "config.json", "\"vocab_size\" ?: [0-9]+", "\"vocab_size\": 77"));
    cases.put(
        "vision tower missing",
        at -> Files.delete(at.resolve(DemoModelFiles.TOWER).resolve("config.json")));
    cases.put(
        "second vision tower missing",
        at ->
            edit(
                at,
                "config.json",
                "\"mm_vision_tower\"",
                "\"mm_vision_tower_aux\": \"x\", \"image_size_aux\": 80, \"mm_vision_tower\""));
    cases.put("tokenizer missing", at -> Files.delete(at.resolve("tokenizer.json")));
    cases.put("tokenizer damaged", at -> edit(at, "tokenizer.json", "\"merges\"", "\"x\""));
    cases.put("tokenizer of the wrong size", at -> grow(at.resolve("tokenizer.json")));
    cases.put("out of memory", _ -> {});
    cases.put(
        "out of memory while loading",
        at ->
            edit(
                at,
                "config.json",
                "\"max_position_embeddings\" ?: [0-9]+",
                "\"max_position_embeddings\": 2097152"));
    return cases;
  }

  private static void deleteAll(Path model) throws IOException {
    try (Stream<Path> files = Files.walk(model)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Latin-1, so that weights keep their bytes. */
  private static void edit(Path model, String name, String from, String to) throws IOException {
    Path file = model.resolve(name);
    String before = Files.readString(file, StandardCharsets.ISO_8859_1);
    String after = before.replaceFirst(from, Matcher.quoteReplacement(to));
    assertThat(after).isNotEqualTo(before);
    Files.writeString(file, after, StandardCharsets.ISO_8859_1);
  }

  private static void write(Path model, String name, String content) throws IOException {
    Files.writeString(model.resolve(name), content);
  }

  private static void index(Path model, String key, String shard) throws IOException {
    Files.writeString(
        model.resolve(INDEX),
        "{\"weight_map\": {\"%s\": \"%s.safetensors\"}}".formatted(key, shard));
  }

  private static void cut(Path model) throws IOException {
    byte[] bytes = Files.readAllBytes(model.resolve(WEIGHTS));
    Files.write(model.resolve(WEIGHTS), Arrays.copyOf(bytes, bytes.length / 2));
  }

  private static void grow(Path file) throws IOException {
    try (RandomAccessFile grown = new RandomAccessFile(file.toFile(), "rw")) {
      grown.setLength(1L << 30); // a hole: nothing is written
    }
  }

  private static void pickle(Path model, String opcodes, int more) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      byte[] content = opcodes.getBytes(StandardCharsets.US_ASCII);
      ZipEntry entry = new ZipEntry("m/data.pkl");
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(content.length);
      CRC32 sum = new CRC32();
      sum.update(content);
      entry.setCrc(sum.getValue());
      zip.putNextEntry(entry);
      zip.write(content);
    }
    bin(model, Arrays.copyOf(bytes.toByteArray(), bytes.size() + more));
  }

  private static void bin(Path model, byte[] content) throws IOException {
    Files.delete(model.resolve(WEIGHTS));
    Files.write(model.resolve("pytorch_model.bin"), content);
  }

  @BeforeEach
  void unpack() throws IOException {
    DemoModel.unpack(model);
  }

  static Stream<String> names() {
    return CASES.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void saysWhatTheManualPromises(String name) throws IOException {
    String promised = table().get(name);
    assertThat(promised).as("row %s of %s", name, TABLE).isNotNull();
    requireNonNull(CASES.get(name), "no such case").spoil(model);

    Throwable refused =
        switch (name) {
          case "out of memory" -> tooLarge();
          case "out of memory while loading" -> exhausted();
          default -> load();
        };

    assertThat(refused).isInstanceOfAny(CheckpointException.class, TokenizerException.class);
    assertThat(refused.getMessage())
        .matches(
            Arrays.stream(promised.split("…", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".+")));
  }

  private Throwable tooLarge() {
    var need = new MemoryRoom.Need(3L << 30, 1L << 30, Precision.FP32);
    new MemoryRoom(OptionalLong.of(4L << 30)).require(model, need);
    new MemoryRoom(OptionalLong.empty()).require(model, need);
    MemoryRoom little = new MemoryRoom(OptionalLong.of((4L << 30) - 1));
    return catchThrowable(() -> little.require(model, need));
  }

  /** Keys and values of a long context that the system, asked for them, cannot give. */
  private Throwable exhausted() {
    var settings = ModelSettings.defaults().withRoom(512, 1L << 50);
    MemoryRoom unknown = new MemoryRoom(OptionalLong.empty());
    return catchThrowable(
        () -> ModelLoad.load(model, settings, new SimpleMeterRegistry(), unknown).close());
  }

  private Throwable load() {
    return catchThrowable(
        () -> AnswerModel.load(model, ModelSettings.defaults(), new SimpleMeterRegistry()).close());
  }

  @Test
  void makesEveryCaseOfTheManual() throws IOException {
    assertThat(table().keySet()).containsExactlyInAnyOrderElementsOf(CASES.keySet());
  }

  /** The control: a model that nobody spoiled is accepted. */
  @Test
  void acceptsTheModelAsItWas() {
    assertThat(load()).isNull();
  }

  /** The control: a precision of processors gets as far as the directory. */
  @Test
  void refusesFloat16OnAProcessor_beforeAnythingIsRead() {
    Path none = model.resolve("none");

    assertThat(failure(none, Precision.FP16))
        .isInstanceOf(DeviceMissingException.class)
        .hasMessage("precision fp16 is for a GPU: on a processor choose bf16");
    assertThat(failure(none, Precision.BF16))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("does not exist");
  }

  private static Throwable failure(Path directory, Precision precision) {
    ModelSettings settings = ModelSettings.defaults().withPrecision(precision);
    return catchThrowable(
        () -> AnswerModel.load(directory, settings, new SimpleMeterRegistry()).close());
  }

  @Test
  void knowsWhatThisMachineHasLeft() {
    OptionalLong bytes = MemoryRoom.now().bytes();
    if (Files.exists(Path.of("/proc/meminfo"))) {
      assertThat(bytes).isPresent();
      assertThat(bytes.orElseThrow()).isPositive();
    }
  }

  private static Map<String, String> table() throws IOException {
    Map<String, String> rows = new LinkedHashMap<>();
    for (String line : Files.readAllLines(TABLE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.put(row.group(1), row.group(2));
      }
    }
    return rows;
  }
}
