@NullMarked
package dev.densestream.trainer.train.ablation;

import org.jspecify.annotations.NullMarked;
