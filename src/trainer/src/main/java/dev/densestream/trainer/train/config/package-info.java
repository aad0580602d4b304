/** What a training is to be: sizes, stages and what each learns, read from a file. */
@NullMarked
package dev.densestream.trainer.train.config;

import org.jspecify.annotations.NullMarked;
