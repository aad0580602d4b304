package dev.densestream.benchmarks.sidebyside;

import dev.densestream.benchmarks.gguf.ClipShape;
import dev.densestream.benchmarks.gguf.GgufModel;
import dev.densestream.benchmarks.gguf.GgufType;
import dev.densestream.benchmarks.gguf.LlamaShape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** llama.cpp's models in a folder, made where missing: gigabytes, so kept between runs. */
record PeerModels(Path folder, LlamaCpp build) {
  private static final long SEED = 1;
  private static final int SIDE = 336;

  /**
   * A language model whose matrices have this type: F32, F16, BF16, or one that can be made of it.
   */
  Path language(String shape, String type) throws IOException, InterruptedException {
    LlamaShape wanted = LlamaShape.named(shape);
    if (plain(type)) {
      return written(shape, type, wanted.model(GgufType.valueOf(type)));
    }
    return quantized(written(shape, "BF16", wanted.model(GgufType.BF16)), shape, type);
  }

  /** One block of {@code llama-1.1b}: fits the vision tower's projector, costs next to nothing. */
  Path smallLanguage() throws IOException {
    LlamaShape one = LlamaShape.named("llama-1.1b").withLayers(1);
    return written("llama-1-block", "BF16", one.model(GgufType.BF16));
  }

  Path vision(String type) throws IOException, InterruptedException {
    if (plain(type)) {
      return written("clip-l-336", type, ClipShape.CLIP_L_336.model(GgufType.valueOf(type)));
    }
    Path source = written("clip-l-336", "F32", ClipShape.CLIP_L_336.model(GgufType.F32));
    return quantized(source, "clip-l-336", type);
  }

  /** A picture of noise. */
  Path picture() throws IOException {
    Path file = folder.resolve("noise.png");
    if (!Files.exists(file)) {
      var random = new SplittableRandom(SEED);
      var picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      picture.setRGB(0, 0, SIDE, SIDE, random.ints((long) SIDE * SIDE).toArray(), 0, SIDE);
      ImageIO.write(picture, "png", file.toFile());
    }
    return file;
  }

  private static boolean plain(String type) {
    return Arrays.stream(GgufType.values()).anyMatch(known -> known.name().equals(type));
  }

  private Path written(String shape, String type, GgufModel model) throws IOException {
    Path file = folder.resolve(shape + "-" + type + ".gguf");
    if (!Files.exists(file)) {
      model.write(file, SEED);
    }
    return file;
  }

  private Path quantized(Path source, String shape, String type)
      throws IOException, InterruptedException {
    Path file = folder.resolve(shape + "-" + type + ".gguf");
    if (!Files.exists(file)) {
      Path part = folder.resolve(file.getFileName() + ".part");
      ProgramRun.of(
          List.of(build.program("llama-quantize"), source.toString(), part.toString(), type),
          false);
      Files.move(part, file);
    }
    return file;
  }
}
