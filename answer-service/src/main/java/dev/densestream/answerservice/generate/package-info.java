/**
 * Questions in, answers token by token out: the thread that owns the language model, the sequences
 * it runs in turns, sampling, and where answers end.
 *
 * <p>Everything native happens on the thread {@code language-engine}, except that closing a context
 * nobody uses frees its cache on the closer's thread.
 */
@NullMarked
package dev.densestream.answerservice.generate;

import org.jspecify.annotations.NullMarked;
