package dev.densestream.answerservice.chat;

/** A part of a message that is not text. */
sealed interface ChatMedia {
  /** An encoded picture. The array is handed over. */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Picture(byte[] content) implements ChatMedia {}

  /** An encoded video. The array is handed over. */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Video(byte[] content) implements ChatMedia {}

  /** A video somewhere else. */
  record VideoAt(String url) implements ChatMedia {}
}
