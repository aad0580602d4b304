package dev.densestream.visionpipeline.batch;

import static java.util.Objects.requireNonNull;

import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.FrameView;

/** A frame, and how it is to be looked at. */
public record ViewedFrame(Frame frame, FrameView view) {
  public ViewedFrame {
    requireNonNull(frame, "frame is null");
    requireNonNull(view, "view is null");
  }
}
