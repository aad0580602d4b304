/**
 * One recorded media in, timed captions or one answer out: the pipeline that upload jobs and the
 * commands share.
 *
 * <p>Nothing here subscribes; a caller's demand runs back to the decoder. Visual tokens of five
 * quarters of a window are held at most, however long the media is; only captions' texts grow with
 * it.
 */
@NullMarked
package dev.densestream.answerservice.clip;

import org.jspecify.annotations.NullMarked;
