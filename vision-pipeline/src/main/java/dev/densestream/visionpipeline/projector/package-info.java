/**
 * From connector width to the language model's width, and to fewer tokens: {@code [B, N, C]} in and
 * out.
 */
@NullMarked
package dev.densestream.visionpipeline.projector;

import org.jspecify.annotations.NullMarked;
