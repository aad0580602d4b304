/** The first stage of the paper's training on people's own clips: the projector alone learns. */
@NullMarked
package dev.densestream.trainer.train.clips;

import org.jspecify.annotations.NullMarked;
