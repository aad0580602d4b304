package dev.densestream.answerservice.generate;

import dev.densestream.visionpipeline.MemoryExhaustedException;

/**
 * What is told to whoever asked when generating went wrong.
 *
 * @param code stable, for programs
 * @param sentence for people
 */
record AnswerFailure(String code, String sentence) {
  static AnswerFailure of(RuntimeException cause) {
    return switch (cause) {
      case FormatImpossibleException _ ->
          new AnswerFailure(
              "format_not_possible",
              "The model's vocabulary cannot write what the format asks for; ask in another"
                  + " format.");
      case MemoryExhaustedException _ ->
          new AnswerFailure(
              "out_of_memory",
              "There is not enough memory for this question; ask about fewer frames, or later.");
      default -> new AnswerFailure("model_failed", "The model failed on this question.");
    };
  }
}
