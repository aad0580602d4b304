package dev.densestream.trainer.train.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.trainer.train.TinyModel;
import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.lesson.Lesson.Dialogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LessonProducerTest {
  private static final String NAME = "lesson-producer";

  private static final Dialogue DIALOGUE =
      new Dialogue("What colour is the circle?", "Red", "colour");

  @TempDir private Path folder;

  /** The control is the thread that learns: its priority stays. */
  @EnabledOnOs(OS.LINUX)
  @Test
  void givesWayToThoseWhoLearn() throws Exception {
    ModelPlan plan = TinyModel.plan();
    Lessons lessons = (index, _, _) -> TinyModel.lesson(plan, index, DIALOGUE);
    try (Tokenizer tokenizer = TinyModel.tokenizer(folder);
        LessonProducer producer =
            new LessonProducer(
                lessons,
                TinyModel.assembly(tokenizer, plan),
                TinyModel.stage(1, false, TinyModel.ALL),
                1,
                7,
                0)) {
      long before = niceness(Path.of("/proc/thread-self"));
      assertThat(producer.next()).hasSize(1); // so it runs, and stays until it is closed

      assertThat(niceness(task())).isEqualTo(Math.min(19, before + 10));
      assertThat(niceness(Path.of("/proc/thread-self"))).isEqualTo(before);
    }
  }

  private static Path task() throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      List<Path> named = tasks.filter(LessonProducerTest::isProducer).toList();
      assertThat(named).hasSize(1);
      return named.getFirst();
    }
  }

  private static boolean isProducer(Path task) {
    try {
      return Files.readString(task.resolve("comm")).strip().equals(NAME);
    } catch (IOException _) {
      return false; // it has ended
    }
  }

  /** The 19th number of proc_pid_stat(5), counted behind the name, which may have spaces. */
  private static long niceness(Path task) throws IOException {
    String stat = Files.readString(task.resolve("stat"));
    List<String> behind = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    return Long.parseLong(behind.get(19 - 3));
  }
}
