/**
 * Text to token ids and back, from the tokenizer files of a model directory: {@code
 * tokenizer.model} (SentencePiece) or {@code tokenizer.json} (byte-level BPE and others).
 *
 * <p>The rules are those of the slow Python classes the original loads, where they differ from the
 * fast ones. Besides {@code visionpipeline.runtime} this is the only package that uses DJL; its
 * native libraries come from jars.
 */
@NullMarked
package dev.densestream.answerservice.tokenizer;

import org.jspecify.annotations.NullMarked;
