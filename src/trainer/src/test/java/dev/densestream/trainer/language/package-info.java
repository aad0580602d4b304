@NullMarked
package dev.densestream.trainer.language;

import org.jspecify.annotations.NullMarked;
