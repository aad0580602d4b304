package dev.densestream.trainer.train.lesson;

/** Where lessons come from. For one thread at a time. */
public interface Lessons {
  /**
   * The same for the same arguments.
   *
   * @param index which one
   * @param frames T
   * @param questions most dialogues
   */
  Lesson lesson(long index, int frames, int questions);
}
