package dev.densestream.trainer.train.clips;

import static java.util.Objects.requireNonNull;

import dev.densestream.visionpipeline.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is learnt from which clips; with the same one the same projector comes out.
 *
 * @param model a directory in the published format
 * @param towers folders where to look for its vision tower, besides the model's own
 * @param clips the file of lines
 * @param videos the folder of the videos
 * @param prompt the question that captions answer; plain captions if empty, as in the original
 * @param fresh whether the projector begins with random values, in place of the model's
 * @param frames of each clip; as the model says if empty
 * @param precision of the frozen parts; as they are stored if empty
 * @param epochs how often each line is learnt from
 * @param batch lines in one step
 * @param rate largest learning rate
 * @param heldOut lines at the end of the file that are not learnt from, but measured
 */
public record ClipTraining(
    Path model,
    List<Path> towers,
    Path clips,
    Path videos,
    Optional<String> prompt,
    boolean fresh,
    Optional<Integer> frames,
    Optional<Precision> precision,
    int epochs,
    int batch,
    double rate,
    int heldOut,
    long seed) {
  private static final Set<Precision> TRAINED_IN = Set.of(Precision.FP32, Precision.BF16);

  public ClipTraining {
    requireNonNull(model, "model is null");
    towers = List.copyOf(towers);
    requireNonNull(clips, "clips is null");
    requireNonNull(videos, "videos is null");
    requireNonNull(prompt, "prompt is null");
    requireNonNull(frames, "frames is null");
    requireNonNull(precision, "precision is null");
    if (epochs < 1 || batch < 1 || !(rate > 0) || heldOut < 0 || frames.orElse(1) < 1) {
      throw new IllegalArgumentException(
          "--epochs, --batch and --frames must be >= 1, --rate > 0 and --hold-out >= 0");
    }
    if (precision.filter(given -> !TRAINED_IN.contains(given)).isPresent()) {
      throw new IllegalArgumentException("--precision must be fp32 or bf16 for training");
    }
  }
}
