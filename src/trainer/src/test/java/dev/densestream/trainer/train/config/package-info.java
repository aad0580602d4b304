@NullMarked
package dev.densestream.trainer.train.config;

import org.jspecify.annotations.NullMarked;
