/** The paper's comparison of connectors, at equal training, with its uncertainty. */
@NullMarked
package dev.densestream.trainer.train.ablation;

import org.jspecify.annotations.NullMarked;
