package dev.densestream.answerservice.job;

import dev.densestream.answerservice.clip.TimedText;

/** What a follower of one job sees. */
public sealed interface ClipChange {
  /** How the job stands now; the last change has a terminal one. */
  record Stands(ClipStatus status) implements ClipChange {}

  /** A caption, in order; an answer comes so too, whole. */
  record Said(TimedText text) implements ClipChange {}
}
