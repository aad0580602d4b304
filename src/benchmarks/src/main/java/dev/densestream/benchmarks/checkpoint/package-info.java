/**
 * Writes checkpoints of real sizes with random weights, in the format models are published in: for
 * measuring how one loads, where no published one is at hand.
 */
@NullMarked
package dev.densestream.benchmarks.checkpoint;

import org.jspecify.annotations.NullMarked;
