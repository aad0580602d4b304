/**
 * Frames to pixel values, equal to the original's: square padding, Pillow's bicubic resampling with
 * 8-bit rounding after each pass, normalisation. Plain Java, no threads of its own.
 */
@NullMarked
package dev.densestream.visionpipeline.preprocess;

import org.jspecify.annotations.NullMarked;
