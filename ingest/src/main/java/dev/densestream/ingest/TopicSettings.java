package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

/**
 * Topic names. Partitions and retention are stated beside each topic in {@code topic.TopicPlan}.
 */
public record TopicSettings(
    String segments,
    String streams,
    String questions,
    String clips,
    String answers,
    String deadLetters,
    String progress,
    String clipOutcomes) {
  public TopicSettings {
    requireNonNull(segments, "segments is null");
    requireNonNull(streams, "streams is null");
    requireNonNull(questions, "questions is null");
    requireNonNull(clips, "clips is null");
    requireNonNull(answers, "answers is null");
    requireNonNull(deadLetters, "deadLetters is null");
    requireNonNull(progress, "progress is null");
    requireNonNull(clipOutcomes, "clipOutcomes is null");
  }

  public static TopicSettings defaults() {
    return new TopicSettings(
        "video.segments",
        "video.streams",
        "video.questions",
        "video.clips",
        "video.answers",
        "video.dead-letters",
        "video.progress",
        "video.clip-outcomes");
  }
}
