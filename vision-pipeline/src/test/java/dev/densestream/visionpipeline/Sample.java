package dev.densestream.visionpipeline;

/** Owner of a program that others use. */
final class Sample {
  private Sample() {}
}
