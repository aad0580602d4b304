@NullMarked
package dev.densestream.trainer.train.program;

import org.jspecify.annotations.NullMarked;
