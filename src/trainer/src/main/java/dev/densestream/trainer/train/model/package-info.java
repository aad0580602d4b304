/** A model's parameters and files, in the original's format. */
@NullMarked
package dev.densestream.trainer.train.model;

import org.jspecify.annotations.NullMarked;
