/**
 * Questions about videos with known answers: reading the files they come in, grading what a model
 * says, and the predictions files that other graders read. Plain functions; models and videos are
 * the caller's.
 */
@NullMarked
package dev.densestream.answerservice.evaluate;

import org.jspecify.annotations.NullMarked;
