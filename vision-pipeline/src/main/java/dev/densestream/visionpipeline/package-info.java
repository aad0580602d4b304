/**
 * Frames in, visual tokens out: preprocessing, vision tower, Dense Connector, projector, pooling,
 * batched over streams.
 *
 * <p>Also the tensor runtime all models run on: TorchScript programs kept as text beside the class
 * that owns them, weights mapped from the checkpoint and passed in. DJL is used in {@code runtime}
 * alone.
 *
 * <p>Letters in shapes: B batch, T frames, N tokens, C channels, H W pixels, L layers, S sequence,
 * V vocabulary, Hq query heads, Hkv key-value heads, D head size.
 */
@NullMarked
package dev.densestream.visionpipeline;

import org.jspecify.annotations.NullMarked;
