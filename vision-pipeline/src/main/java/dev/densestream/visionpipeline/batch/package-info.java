/**
 * Micro-batches: single frames of many callers in, one encoder call for those that wait together.
 *
 * <p>Encoding happens on one thread of its own, {@code vit-encode}, and so do the emissions:
 * callers who do more than hand on go elsewhere with {@code publishOn}.
 */
@NullMarked
package dev.densestream.visionpipeline.batch;

import org.jspecify.annotations.NullMarked;
