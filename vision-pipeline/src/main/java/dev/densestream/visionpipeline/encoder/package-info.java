/**
 * Vision towers: pixel values {@code [B, 3, H, W]} in, hidden states or means of them {@code [B, N,
 * C]} out. States are numbered as the original does: 0 goes into the first block, i comes out of
 * block i.
 */
@NullMarked
package dev.densestream.visionpipeline.encoder;

import org.jspecify.annotations.NullMarked;
