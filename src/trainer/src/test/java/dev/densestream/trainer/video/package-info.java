@NullMarked
package dev.densestream.trainer.video;

import org.jspecify.annotations.NullMarked;
