@NullMarked
package dev.densestream.trainer.reel;

import org.jspecify.annotations.NullMarked;
