package dev.densestream.endtoend.architecture.offending;

/** Has a name that says nothing. */
public final class FrameUtils {}
