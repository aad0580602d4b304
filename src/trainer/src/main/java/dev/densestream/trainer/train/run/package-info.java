/** A training from start to end: stages, checkpoints, progress and examination. */
@NullMarked
package dev.densestream.trainer.train.run;

import org.jspecify.annotations.NullMarked;
