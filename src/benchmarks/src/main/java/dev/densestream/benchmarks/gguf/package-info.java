/**
 * Writes models with random weights as GGUF version 3, the format llama.cpp reads (specified in the
 * ggml project's {@code docs/gguf.md}). Speed is all such a model is good for.
 */
@NullMarked
package dev.densestream.benchmarks.gguf;

import org.jspecify.annotations.NullMarked;
