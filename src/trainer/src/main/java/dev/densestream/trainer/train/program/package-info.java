/** The program that learns, and what it learns: parameters, gradients, the optimiser. */
@NullMarked
package dev.densestream.trainer.train.program;

import org.jspecify.annotations.NullMarked;
