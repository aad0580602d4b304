package dev.densestream.answerservice.command;

import dev.densestream.answerservice.evaluate.QuestionSource;
import dev.densestream.answerservice.evaluate.VideoFolder;

/**
 * Questions that were found to be in order.
 *
 * @param total questions whose video is there
 * @param missing questions whose video is not
 * @param open questions that were not answered in an earlier run
 */
record EvaluationInput(
    QuestionSource source, VideoFolder folder, long total, long missing, long open) {}
