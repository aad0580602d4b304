/** Windows to learn from, made as they are needed, and packed to batches. */
@NullMarked
package dev.densestream.trainer.train.lesson;

import org.jspecify.annotations.NullMarked;
