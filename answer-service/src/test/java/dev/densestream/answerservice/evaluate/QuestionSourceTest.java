package dev.densestream.answerservice.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The formats that questions come in, and what is said about entries that are none. */
class QuestionSourceTest {
  @TempDir private Path folder;

  @Test
  void readsLines() throws IOException {
    Read read =
        read(
            file(
                "q.jsonl",
                """
                {"video":"a.mp4","question":"What colour is it?","answer":"red","type":"colour","choices":["red","blue"]}

                {"video":"b.mp4","question":"Why?","answer":"because","id":"x7"}
                """));

    assertThat(read.bad()).isEmpty();
    assertThat(read.questions())
        .containsExactly(
            new VideoQuestion(
                QuestionId.text("1"),
                "a.mp4",
                "What colour is it?",
                "red",
                "colour",
                List.of("red", "blue")),
            new VideoQuestion(
                QuestionId.text("x7"), "b.mp4", "Why?", "because", "open", List.of()));
  }

  @Test
  void namesFileAndLine_ofEachBadLine_andReadsTheOthers() throws IOException {
    Path file =
        file(
            "q.jsonl",
            """
            {"video":"a.mp4","question":"What?","answer":"red"}
            {"video":"a.mp4","question":"What?"
            {"video":"a.mp4","question":"  ","answer":"red"}
            {"question":"What?","answer":"red"}
            {"video":"a.mp4","question":"What?","answer":"red","choices":["blue"]}
            {"video":"a.mp4","question":"What?","answer":"red","choices":"red"}
            [1]
            """);

    Read read = read(file);

    assertThat(read.questions()).hasSize(1);
    assertThat(read.bad())
        .containsExactly(
            file + " line 2 is not JSON.",
            file + " line 3 has no \"question\".",
            file + " line 4 has no \"video\".",
            file + " line 5 has the answer \"red\", which is none of its choices.",
            file + " line 6 has choices that are not an array of texts.",
            file + " line 7 has no \"answer\".");
  }

  @Test
  void refusesALineThatNeverEnds_withoutHoldingIt() throws IOException {
    Path file = file("q.jsonl", "{\"video\":\"" + "a".repeat(1 << 20) + "\"}\n");

    assertThat(read(file).bad()).singleElement().asString().contains("line 1 is longer than");
  }

  @Test
  void readsThePairOfFilesOfTheOriginalEvaluation() throws IOException {
    Path questions =
        file(
            "test_q.json",
            """
            [{"question": "does the car have a license", "video_name": "1QIUV7WYKXg", "question_id": "v_1_0"},
             {"question": "what is he holding", "video_name": "2QIUV7WYKXg", "question_id": "v_2_0"}]
            """);
    file(
        "test_a.json",
        """
        [{"answer": "yes", "type": 3, "question_id": "v_1_0"},
         {"answer": "drum stick", "question_id": "v_2_0"}]
        """);

    assertThat(read(questions).questions())
        .containsExactly(
            new VideoQuestion(
                QuestionId.text("v_1_0"),
                "1QIUV7WYKXg",
                "does the car have a license",
                "yes",
                "yes/no",
                List.of()),
            new VideoQuestion(
                QuestionId.text("v_2_0"),
                "2QIUV7WYKXg",
                "what is he holding",
                "drum stick",
                "what",
                List.of()));
  }

  @Test
  void noticesAnswersOfOtherQuestions() throws IOException {
    Path questions =
        file("test_q.json", "[{\"question\":\"q\",\"video_name\":\"v\",\"question_id\":1}]");
    Path answers = file("test_a.json", "[{\"answer\":\"a\",\"question_id\":2}]");

    assertThat(read(questions).bad())
        .containsExactly(answers + " entry 1 answers question 2, but 1 is asked.");
  }

  @Test
  void noticesMissingAnswersAndBrokenArrays() throws IOException {
    Path questions =
        file("test_q.json", "[{\"question\":\"q\",\"video_name\":\"v\",\"question_id\":1}]");
    file("test_a.json", "[]");
    Path broken = file("broken.json", "[{\"question\":\"q\"\n,,]");

    assertThat(read(questions).bad()).singleElement().asString().contains("entry 1 has no answer");
    assertThat(read(broken).bad()).containsExactly(broken + " line 2 is not JSON.");
  }

  @Test
  void readsTheArrayThatMsvdAndMsrvttWerePublishedAs() throws IOException {
    Path file =
        file(
            "test_qa.json",
            """
            [{"answer":"onion","id":33043,"question":"what is a man peeling?","video_id":1301}]
            """);

    assertThat(read(file).questions())
        .containsExactly(
            new VideoQuestion(
                new QuestionId("33043", true),
                "1301",
                "what is a man peeling?",
                "onion",
                "what",
                List.of()));
  }

  @Test
  void findsVideosAsTheDataSetsNameThem() throws IOException {
    file("video7010.mp4", "");
    file("v_1QIUV7WYKXg.mkv", "");
    file("-4wsuPCjDBc_5_15.avi", "");
    file("youtube_mapping.txt", "-4wsuPCjDBc_5_15 vid1301\n");
    VideoFolder videos = new VideoFolder(folder);

    assertThat(videos.find("7010")).contains(folder.resolve("video7010.mp4"));
    assertThat(videos.find("1QIUV7WYKXg")).contains(folder.resolve("v_1QIUV7WYKXg.mkv"));
    assertThat(videos.find("1301")).contains(folder.resolve("-4wsuPCjDBc_5_15.avi"));
    assertThat(videos.find("video7010.mp4")).isPresent();
    assertThat(videos.find("nothing")).isEmpty();
    assertThat(videos.find("../" + folder.getFileName() + "/../x")).isEmpty();
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static Read read(Path file) throws IOException {
    Read read = new Read(new ArrayList<>(), new ArrayList<>());
    new QuestionSource(file, Optional.empty()).read(read);
    return read;
  }

  private record Read(List<VideoQuestion> questions, List<String> bad)
      implements QuestionSource.Reader {
    @Override
    public void question(VideoQuestion question) {
      questions.add(question);
    }

    @Override
    public void bad(String sentence) {
      bad.add(sentence);
    }
  }
}
