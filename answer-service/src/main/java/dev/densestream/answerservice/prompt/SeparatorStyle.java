package dev.densestream.answerservice.prompt;

/** How a template joins its parts; the names are the original's. */
public enum SeparatorStyle {
  SINGLE,
  TWO,
  MPT,
  LLAMA_2,
  LLAMA_3,
  PLAIN
}
