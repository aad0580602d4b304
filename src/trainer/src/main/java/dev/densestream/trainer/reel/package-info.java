/** Several scenes in one video, with what is true of each in its time. */
@NullMarked
package dev.densestream.trainer.reel;

import org.jspecify.annotations.NullMarked;
