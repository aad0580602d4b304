/**
 * Comparisons with the reference fixtures: tokenizers, prompts, and whole language models against
 * what the original code computed.
 */
@NullMarked
package dev.densestream.answerservice.parity;

import org.jspecify.annotations.NullMarked;
