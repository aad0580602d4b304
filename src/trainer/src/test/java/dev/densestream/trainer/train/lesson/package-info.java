/** Tests of lessons. */
@NullMarked
package dev.densestream.trainer.train.lesson;

import org.jspecify.annotations.NullMarked;
