package dev.densestream.trainer.train.lesson;

import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorRuntime;
import java.util.List;

/**
 * W windows of T frames each, as Training.torch expects them; sizes in its words.
 *
 * @param images B
 * @param before ids in front of the pictures {@code [S0]}
 * @param text ids behind them {@code [W, L]}
 * @param branches which of a window's answers each of these belongs to, with its question, from 1;
 *     -1 for none {@code [W, L]}
 * @param questions which of a window's questions: several branches are of one where any of several
 *     answers is right {@code [W, L]}
 * @param targets what follows each of these {@code [W, L]}
 * @param meant which visual tokens a question's word, with a colour before it, is about {@code [W,
 *     L]}: see {@link Labels#words}
 * @param onsets the first frame that shows what a question's words, up to this one, speak of {@code
 *     [W, L]}: see {@link History}
 * @param subjects class of shape and of colour, 0 for neither, of whom such words speak, and of
 *     whom an answer will that is one of them, right before it {@code [W, L, 2]}
 * @param asked the questions in the order of their targets, a question's targets side by side
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Batch(
    int windows,
    int images,
    float[] pixels,
    long[] patches,
    long[] tokens,
    long[] history,
    long[] before,
    long[] text,
    long[] positions,
    long[] branches,
    long[] questions,
    long[] targets,
    long[] meant,
    long[] onsets,
    long[] subjects,
    List<Asked> asked) {
  /**
   * A question in a batch.
   *
   * @param targets how many ids each of its right answers has, the end included
   */
  public record Asked(String type, List<Integer> targets) {
    public Asked {
      targets = List.copyOf(targets);
    }
  }

  public Batch {
    asked = List.copyOf(asked);
  }

  /** Copies to the device; the caller closes the list. */
  public TensorList tensors(TensorRuntime runtime, int side) {
    int length = text.length / windows;
    int kinds = Labels.kinds().length;
    int ofHistory = History.kinds().length;
    int ofPatch = kinds + Labels.outlineParts();
    List<Tensor> list =
        List.of(
            runtime.floats(pixels, images, 3, side, side),
            runtime.longs(patches, images, patches.length / images / ofPatch, ofPatch),
            runtime.longs(tokens, images, tokens.length / images / kinds, kinds),
            runtime.longs(history, images, history.length / images / ofHistory, ofHistory),
            runtime.longs(before, before.length),
            runtime.longs(text, windows, length),
            runtime.longs(positions, windows, length),
            runtime.longs(branches, windows, length),
            runtime.longs(questions, windows, length),
            runtime.longs(targets, windows, length),
            runtime.longs(meant, windows, length),
            runtime.longs(onsets, windows, length),
            runtime.longs(subjects, windows, length, 2));
    return runtime.list(list);
  }
}
