@NullMarked
package dev.densestream.trainer.world;

import org.jspecify.annotations.NullMarked;
