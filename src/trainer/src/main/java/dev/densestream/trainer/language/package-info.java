/**
 * What can be asked and said about a scene, in a small closed vocabulary, and whether what was said
 * is true.
 */
@NullMarked
package dev.densestream.trainer.language;

import org.jspecify.annotations.NullMarked;
