/** Trains small models on a synthetic world of moving objects. */
@NullMarked
package dev.densestream.trainer;

import org.jspecify.annotations.NullMarked;
