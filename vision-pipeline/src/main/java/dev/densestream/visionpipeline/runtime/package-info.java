/**
 * The tensor engine: TorchScript text in, native calls out. The only package that knows DJL.
 *
 * <p>DJL's own array types are used for nothing but copying elements across the border, because its
 * native side ends the process when it meets an element type it does not know, bfloat16 among them.
 * Everything else is an {@code IValue}, which does not look inside.
 */
@NullMarked
package dev.densestream.visionpipeline.runtime;

import org.jspecify.annotations.NullMarked;
