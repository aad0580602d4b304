/** How fast video is decoded, beside the {@code ffmpeg} program. */
@NullMarked
package dev.densestream.benchmarks.decode;

import org.jspecify.annotations.NullMarked;
