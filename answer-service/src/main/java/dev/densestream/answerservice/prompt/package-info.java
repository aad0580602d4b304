/**
 * Turns to prompt text to token ids: the original's conversation templates, the place of the
 * pictures in the prompt, and the cut at the model's length.
 */
@NullMarked
package dev.densestream.answerservice.prompt;

import org.jspecify.annotations.NullMarked;
