package dev.densestream.answerservice;

import static java.util.Objects.requireNonNull;

import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.TokenReduction;
import dev.densestream.visionpipeline.VideoPooling;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a model directory is run. What is empty follows the directory's own files, and the original's
 * habit where they say nothing.
 *
 * @param conversation name of the conversation template
 * @param reduction what happens to a frame's tokens after the projector
 * @param videoPooling what further happens to the tokens of a video's frames
 * @param visionTowers folders where to look for the vision tower, besides the model's own
 * @param precision of the weights; as they are stored if empty, half precision meaning bfloat16
 * @param device as {@link dev.densestream.visionpipeline.RuntimeSettings} has it
 * @param threads one operator may use; 0 for one per core, and for one alone where the model is so
 *     small that several would wait for each other most of the time
 * @param slots answers generated together
 * @param waiting answers that may wait for a slot; more are rejected
 * @param kvBytes of keys and values, all answers and windows together: a fixed budget
 */
public record ModelSettings(
    Optional<String> conversation,
    Optional<TokenReduction> reduction,
    Optional<VideoPooling> videoPooling,
    List<Path> visionTowers,
    Optional<Precision> precision,
    String device,
    int threads,
    int slots,
    int waiting,
    long kvBytes) {
  /** 2 GiB. */
  public static final long DEFAULT_KV_BYTES = 2L << 30;

  public ModelSettings {
    requireNonNull(conversation, "conversation is null");
    requireNonNull(reduction, "reduction is null");
    requireNonNull(videoPooling, "videoPooling is null");
    visionTowers = List.copyOf(visionTowers);
    requireNonNull(precision, "precision is null");
    requireNonNull(device, "device is null");
    if (threads < 0 || slots < 1 || waiting < 0 || kvBytes < 1) {
      throw new IllegalArgumentException(
          "slots and kvBytes must be >= 1, threads and waiting >= 0: was "
              + slots
              + ", "
              + kvBytes
              + ", "
              + threads
              + ", "
              + waiting);
    }
  }

  /** As the directory says; 8 slots, 64 waiting, 2 GiB of keys and values. */
  public static ModelSettings defaults() {
    return new ModelSettings(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        RuntimeSettings.CPU,
        0,
        8,
        64,
        DEFAULT_KV_BYTES);
  }

  public ModelSettings withReduction(TokenReduction other) {
    return new ModelSettings(
        conversation,
        Optional.of(other),
        videoPooling,
        visionTowers,
        precision,
        device,
        threads,
        slots,
        waiting,
        kvBytes);
  }

  public ModelSettings withVideoPooling(VideoPooling other) {
    return new ModelSettings(
        conversation,
        reduction,
        Optional.of(other),
        visionTowers,
        precision,
        device,
        threads,
        slots,
        waiting,
        kvBytes);
  }

  public ModelSettings withRoom(int otherSlots, long otherKvBytes) {
    return new ModelSettings(
        conversation,
        reduction,
        videoPooling,
        visionTowers,
        precision,
        device,
        threads,
        otherSlots,
        waiting,
        otherKvBytes);
  }

  public ModelSettings withPrecision(Precision other) {
    return new ModelSettings(
        conversation,
        reduction,
        videoPooling,
        visionTowers,
        Optional.of(other),
        device,
        threads,
        slots,
        waiting,
        kvBytes);
  }
}
