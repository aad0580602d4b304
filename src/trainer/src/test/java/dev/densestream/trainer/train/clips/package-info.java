/** Tests of training on clips. */
@NullMarked
package dev.densestream.trainer.train.clips;

import org.jspecify.annotations.NullMarked;
