@NullMarked
package dev.densestream.trainer.train.run;

import org.jspecify.annotations.NullMarked;
