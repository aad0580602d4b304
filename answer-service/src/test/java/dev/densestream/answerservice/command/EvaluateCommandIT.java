package dev.densestream.answerservice.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real videos, the real model that comes along, and predictions made by hand. */
class EvaluateCommandIT {
  private static final String SAID =
      "{\"id\":\"%s\",\"question\":\"%s\",\"answer\":\"\",\"pred\":\"%s\"}\n";

  @TempDir private Path folder;
  private Path questions = Path.of("");
  private Path predictions = Path.of("");

  @BeforeEach
  void makeClipAndQuestions() throws IOException {
    try (var clip = EvaluateCommandIT.class.getResourceAsStream("/demo/demo-star.mp4")) {
      assertThat(clip).isNotNull();
      Files.copy(clip, folder.resolve("clip.mp4"));
    }
    predictions = folder.resolve("predictions.jsonl");
    questions = folder.resolve("questions.jsonl");
    Files.writeString(
        questions,
        """
        {"video":"clip.mp4","question":"What colour is it?","answer":"red","type":"colour","choices":["red","blue"]}
        {"video":"clip.mp4","question":"Which colour?","answer":"blue","type":"colour","choices":["red","blue"]}
        {"video":"clip.mp4","question":"How many?","answer":"2","type":"count","choices":["1","2","3","4"]}
        """);
  }

  @Test
  void asksTheModel_andWritesWhatItSaid() throws IOException {
    Outcome outcome = evaluate("--json", "--predictions", predictions.toString());

    assertThat(outcome.err()).contains("demo model");
    assertThat(outcome.status()).isZero();
    JsonNode json = JsonMapper.shared().readTree(outcome.out());
    assertThat(json.at("/types/colour/n").asInt()).isEqualTo(2);
    assertThat(json.at("/types/colour/chance").asDouble()).isEqualTo(0.5);
    assertThat(json.at("/all/n").asInt()).isEqualTo(3);
    List<String> lines = Files.readAllLines(predictions);
    assertThat(lines).hasSize(3);
    for (String line : lines) {
      assertThat(JsonMapper.shared().readTree(line).propertyNames())
          .containsExactly("id", "question", "answer", "pred");
    }
  }

  /** MSVD's container. The control: the same packets in MP4 give the same answers. */
  @Test
  void asksAboutAnAvi() throws IOException, InterruptedException {
    Path mp4 = folder.resolve("clip.mp4");
    evaluate("--predictions", predictions.toString());
    List<String> said = said(predictions);
    remux(mp4, folder.resolve("msvd.avi"));
    Files.delete(mp4);
    Files.writeString(questions, Files.readString(questions).replace("clip.mp4", "msvd"));
    Path ofAvi = folder.resolve("avi.jsonl");

    Outcome outcome = evaluate("--predictions", ofAvi.toString());

    assertThat(outcome.status()).isZero();
    assertThat(said(ofAvi)).isEqualTo(said);
  }

  /** The control: what the model says freely is none of such choices. */
  @Test
  void letsTheModelChoose_whereItIsToldTo() throws IOException {
    Files.writeString(
        questions,
        """
        {"video":"clip.mp4","question":"What colour is it?","answer":"a yak","choices":["a yak","a zebra"]}
        {"video":"clip.mp4","question":"What is it?","answer":"red"}
        """);
    Path chosen = folder.resolve("chosen.jsonl");

    Outcome free = evaluate("--predictions", predictions.toString());
    Outcome choosing = evaluate("--choose", "--predictions", chosen.toString());

    assertThat(List.of(free.status(), choosing.status())).containsOnly(0);
    List<String> said = said(predictions);
    assertThat(said.getFirst()).isNotIn("a yak", "a zebra");
    assertThat(said(chosen).getFirst()).isIn("a yak", "a zebra");
    assertThat(said(chosen).getLast()).as("no choices, so free").isEqualTo(said.getLast());
  }

  private static List<String> said(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> JsonMapper.shared().readTree(line).path("pred").asString())
        .toList();
  }

  @Test
  void namesTheQuestion_whoseChoicesCannotBeChosenFrom() throws IOException {
    Files.writeString(
        questions,
        "{\"video\":\"clip.mp4\",\"question\":\"What?\",\"answer\":\"a\",\"choices\":[\"a\",\"b \"]}\n");

    Outcome free = evaluate("--predictions", predictions.toString());
    Outcome choosing = evaluate("--choose");

    assertThat(free.status()).isZero();
    assertThat(choosing.status()).isEqualTo(1);
    assertThat(choosing.err()).contains("question 1: each choice must be");
  }

  @Test
  void asksOnlyWhatIsNotAnsweredYet_andDropsAnUnfinishedLine() throws IOException {
    String known = SAID.formatted("1", "What colour is it?", "red");
    Files.writeString(predictions, known + "{\"id\":\"2\",\"quest");

    Outcome outcome = evaluate("--predictions", predictions.toString());

    assertThat(outcome.status()).isZero();
    List<String> lines = Files.readAllLines(predictions);
    assertThat(lines).hasSize(3);
    assertThat(lines.getFirst() + "\n").isEqualTo(known);
    assertThat(lines.get(1)).startsWith("{\"id\":\"2\",\"question\":\"Which colour?\"");
  }

  /** The control is the text beside it. Predictions written with texts for all ids still count. */
  @Test
  void writesAnIdAsTheQuestionsHaveIt() throws IOException {
    Files.writeString(
        questions,
        """
        {"video":"clip.mp4","question":"What is it?","answer":"red","id":33043}
        {"video":"clip.mp4","question":"Why?","answer":"red","id":"33044"}
        {"video":"clip.mp4","question":"Who?","answer":"red","id":7}
        """);
    Files.writeString(predictions, SAID.formatted("7", "Who?", "red"));

    assertThat(evaluate("--predictions", predictions.toString()).status()).isZero();

    List<JsonNode> ids =
        Files.readAllLines(predictions).stream()
            .map(line -> JsonMapper.shared().readTree(line).path("id"))
            .toList();
    assertThat(ids).extracting(JsonNode::toString).containsExactly("\"7\"", "33043", "\"33044\"");
  }

  @Test
  void countsPredictionsMadeByHand_withoutAModel() throws IOException {
    handMade("blue", "blue", "There are 2.");

    Outcome outcome = evaluate("--predictions", predictions.toString());

    assertThat(outcome.status()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("type +n +accuracy +chance"),
            line -> assertThat(line).matches("colour +2 +50\\.0 % +50\\.0 %"),
            line -> assertThat(line).matches("count +1 +100\\.0 % +25\\.0 %"),
            line -> assertThat(line).matches("all +3 +66\\.7 % +41\\.7 %"));
  }

  /** The control is in it: the same predictions meet one requirement and miss the other. */
  @Test
  void exitsWith1_whenARequirementIsNotMet() throws IOException {
    handMade("blue", "blue", "2");

    Outcome met =
        evaluate("--predictions", predictions.toString(), "--require", "colour=0.5,count=1");
    Outcome missed =
        evaluate("--predictions", predictions.toString(), "--require", "colour=0.51,order=0.1");

    assertThat(met.status()).isZero();
    assertThat(missed.status()).isEqualTo(1);
    assertThat(missed.out()).contains("colour");
    assertThat(missed.err().lines())
        .containsExactly(
            "densestream: requirement_not_met: colour is 0.5000 of 2, required is 0.5100",
            "densestream: requirement_not_met: no question is of type order");
  }

  @Test
  void refusesPredictionsOfOtherQuestions() throws IOException {
    Files.writeString(predictions, SAID.formatted("1", "Another question?", "red"));

    Outcome outcome = evaluate("--predictions", predictions.toString());

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("predictions_not_usable").hasLineCount(1);
  }

  @Test
  void saysWhatIsWrongWithEachLine_beforeAnythingIsAsked() throws IOException {
    Files.writeString(questions, "{}\nnonsense\n");

    Outcome outcome = evaluate();

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err().lines())
        .containsExactly(
            "densestream: " + questions + " line 1 has no \"answer\".",
            "densestream: " + questions + " line 2 is not JSON.",
            "densestream: questions_not_usable: 2 entries of " + questions + " are not usable.");
  }

  @Test
  void namesMissingVideos_andLeavesThemOutIfTold() throws IOException {
    handMade("red", "blue", "2");
    Files.writeString(
        questions,
        Files.readString(questions)
            + "{\"video\":\"gone.mp4\",\"question\":\"What?\",\"answer\":\"it\"}\n");

    Outcome refused = evaluate("--predictions", predictions.toString());
    Outcome skipped = evaluate("--predictions", predictions.toString(), "--skip-missing");

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("videos_not_found").contains("gone.mp4").hasLineCount(1);
    assertThat(skipped.status()).isZero();
    assertThat(skipped.out()).contains("1 questions skipped");
  }

  @Test
  void countsAVideoThatCannotBeDecodedAsWrong_andAsksAgainNextTime() throws IOException {
    Files.writeString(folder.resolve("clip.mp4"), "no video at all\n".repeat(100));

    Outcome outcome = evaluate("--predictions", predictions.toString());

    assertThat(outcome.status()).isZero();
    assertThat(outcome.err()).contains("not_a_video");
    assertThat(outcome.out()).containsPattern("all +3 +0\\.0 %");
    assertThat(predictions).isEmptyFile();
  }

  @Test
  void exitsWith2_whenARequirementIsNone() {
    assertThat(evaluate("--require", "colour").status()).isEqualTo(2);
  }

  private static void remux(Path clip, Path to) throws IOException, InterruptedException {
    // The executable needs libraries beside it that loading it alone does not unpack.
    Loader.cacheResources("/org/bytedeco/ffmpeg/" + Loader.getPlatform());
    String program = Loader.load(org.bytedeco.ffmpeg.ffmpeg.class);
    ProcessBuilder builder =
        new ProcessBuilder(program, "-v", "error", "-i", clip.toString(), "-c", "copy", "" + to);
    builder.environment().put("LD_LIBRARY_PATH", String.valueOf(Path.of(program).getParent()));
    Process process = builder.inheritIO().start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  private void handMade(String... said) throws IOException {
    String[] asked = {"What colour is it?", "Which colour?", "How many?"};
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < said.length; i++) {
      lines.append(SAID.formatted(i + 1, asked[i], said[i]));
    }
    Files.writeString(predictions, lines);
  }

  private Outcome evaluate(String... more) {
    String[] arguments = new String[5 + more.length];
    arguments[0] = "evaluate";
    arguments[1] = "--questions";
    arguments[2] = questions.toString();
    arguments[3] = "--videos";
    arguments[4] = folder.toString();
    System.arraycopy(more, 0, arguments, 5, more.length);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Outcome(status, out.toString(), err.toString());
  }

  private record Outcome(int status, String out, String err) {}
}
