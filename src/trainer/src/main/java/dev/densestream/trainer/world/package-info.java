/**
 * Scenes of moving objects as data: made from a seed, drawn without pixels of anybody else, and the
 * facts a viewer can see in them.
 */
@NullMarked
package dev.densestream.trainer.world;

import org.jspecify.annotations.NullMarked;
