/** Comparisons with the original code's outputs; see the fixtures' README for their layout. */
@NullMarked
package dev.densestream.visionpipeline.parity;

import org.jspecify.annotations.NullMarked;
