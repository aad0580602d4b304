/** Scenes as video files. FFmpeg is used here alone. */
@NullMarked
package dev.densestream.trainer.video;

import org.jspecify.annotations.NullMarked;
