@NullMarked
package dev.densestream.trainer.train.model;

import org.jspecify.annotations.NullMarked;
