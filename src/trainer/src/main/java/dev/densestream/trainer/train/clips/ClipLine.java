package dev.densestream.trainer.train.clips;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A clip and what is told of it.
 *
 * @param number of the line in its file, from 1
 * @param question empty for a caption
 * @param answer or the caption
 */
record ClipLine(int number, Path video, Optional<String> question, String answer) {
  ClipLine {
    requireNonNull(video, "video is null");
    requireNonNull(question, "question is null");
    requireNonNull(answer, "answer is null");
  }
}
