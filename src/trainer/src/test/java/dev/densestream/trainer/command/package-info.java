@NullMarked
package dev.densestream.trainer.command;

import org.jspecify.annotations.NullMarked;
