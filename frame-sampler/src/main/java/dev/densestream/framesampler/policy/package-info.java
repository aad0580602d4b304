/**
 * Which frames go on: pure decisions on frame number, PTS and a coarse luma grid, without a decoder
 * in sight. {@link dev.densestream.framesampler.policy.FrameGate} is asked once per frame, in PTS
 * order, on the decoding thread.
 */
@NullMarked
package dev.densestream.framesampler.policy;

import org.jspecify.annotations.NullMarked;
