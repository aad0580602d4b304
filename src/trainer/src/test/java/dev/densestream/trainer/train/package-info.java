/** A model small enough for tests, shared by those of the packages below. */
@NullMarked
package dev.densestream.trainer.train;

import org.jspecify.annotations.NullMarked;
