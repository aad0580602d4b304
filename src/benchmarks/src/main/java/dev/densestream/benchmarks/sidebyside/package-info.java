/**
 * Measures {@code densestream bench} and the programs of a llama.cpp build in turn, on models of
 * the same shapes, together with what the machine can do at most.
 */
@NullMarked
package dev.densestream.benchmarks.sidebyside;

import org.jspecify.annotations.NullMarked;
