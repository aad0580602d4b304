package dev.densestream.endtoend.page;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebElement;

/**
 * Uses the page as a person would. {@code -Ddensestream.screenshots=FOLDER} keeps a picture at the
 * end of each test.
 */
final class PageIT {
  @TempDir private static Path folder;
  @AutoClose private static @Nullable DemoService service;

  private @Nullable Browser browser;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Browser.assumeInstalled();
    service = DemoService.start(folder);
  }

  @BeforeEach
  void open() {
    browser = Browser.open(folder, requireNonNull(service).page());
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.close();
    }
  }

  @Test
  void showsCameras_andAnswersAsTheyArrive() throws IOException {
    assertThat(await("#model-notice").getText()).startsWith("demo model");
    WebElement tile = await("[data-stream=demo-star]");
    // A picture that was really decoded, not a broken one.
    awaitTrue("return document.querySelector('.tile img').naturalWidth > 100");
    awaitTrue("return Number(document.querySelector('[data-count=sampled]').textContent) > 0");
    assertThat(tile.getText()).contains("demo-star");

    WebElement answer = await("#answers li[data-outcome=answered]");
    assertThat(answer.getText()).contains("demo-");
    assertThat(await("#connection").getText()).isEqualTo("live");
    int before = count("#answers li");
    awaitTrue("return document.querySelectorAll('#answers li').length > " + before);
    await("[data-stream=demo-star] .timeline [data-outcome=answered]");
    // What the answers are about is over when they come, and still to be seen.
    awaitTrue(
        "return document.querySelectorAll('[data-stream=demo-star] .strip canvas').length > 3");
    assertQuiet("live");
  }

  @Test
  void showsTheDemosClip_captionedTwiceAScene() throws IOException {
    awaitTrue(
        "const row = [...document.querySelectorAll('#clips .pick')]"
            + ".find(b => b.textContent === 'demo-events.mp4'); row?.click(); return !!row");
    awaitTrue("return document.querySelectorAll('#captions li').length === 10");
    assertThat(await("#captions li time").getText()).isEqualTo("0:00.0 – 0:04.0");
    assertThat(await("#captions li span").getText()).isNotBlank();
    assertQuiet("demo-clip");
  }

  @Test
  void captionsAnUploadedClip_overThePlayer() throws IOException {
    // The name is the sender's: it must be shown, and nothing else.
    Path clip = folder.resolve("<img src=x onerror=alert(1)>.mp4");
    Files.copy(fixture("bigbuckbunny.mp4"), clip);
    await("#upload input[type=file]").sendKeys(clip.toString());
    await("#upload button[type=submit]").click();

    awaitTrue("return document.querySelectorAll('#captions li').length > 0");
    awaitTrue(
        "const t = document.getElementById('video').textTracks;"
            + " return t.length === 1 && t[0].mode === 'showing' && t[0].cues && t[0].cues.length > 0");
    String cue =
        String.valueOf(
            script("return document.getElementById('video').textTracks[0].cues[0].text"));
    assertThat(cue).isNotBlank();
    assertThat(await("#captions li span").getText()).isEqualTo(cue);
    awaitTrue("return document.getElementById('video').videoWidth > 0");
    // The player takes ranges: seeking into the middle works.
    script("document.getElementById('video').currentTime = 2");
    awaitTrue(
        "const v = document.getElementById('video'); return !v.seeking && v.currentTime === 2");
    assertThat(await("#player-title").getText()).isEqualTo(String.valueOf(clip.getFileName()));
    assertThat(count("#player img, #clips img")).isZero();
    assertThat(await("#player-downloads").getText()).contains("VTT", "SRT");
    assertQuiet("clip");
  }

  @Test
  void saysWhy_whenAFileIsNoVideo() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.mp4"), "not a video\n".repeat(100));
    await("#upload input[type=file]").sendKeys(text.toString());
    await("#upload button[type=submit]").click();
    awaitTrue("return !document.querySelector('#upload .problem').hidden");
    assertThat(await("#upload .problem").getText().toLowerCase(Locale.ROOT)).contains("video");
    keep("problem");
  }

  @Test
  void putsAndWithdrawsAStandingQuestion() throws IOException {
    String text = "Is it <b>red</b>?";
    await("#add-question input[name=text]").sendKeys(text);
    await("#add-question button[type=submit]").click();
    awaitTrue(
        "return [...document.querySelectorAll('#questions .name')].some(n => n.textContent === '"
            + text
            + "')");
    assertThat(count("#questions b")).isZero();
    // Its answers arrive, with the question as text.
    awaitTrue(
        "return [...document.querySelectorAll('#answers .asked')].some(n => n.textContent === '"
            + text
            + "')");
    await("#questions [aria-label='Remove question: " + text + "']").click();
    awaitTrue(
        "return ![...document.querySelectorAll('#questions .name')].some(n => n.textContent === '"
            + text
            + "')");
    assertQuiet("question");
  }

  /** No script failed, nothing was blocked by the page's own rules, nothing was not found. */
  private void assertQuiet(String picture) throws IOException {
    keep(picture);
    assertThat(browser().complaints()).isEmpty();
  }

  private void keep(String name) throws IOException {
    String kept = System.getProperty("densestream.screenshots");
    if (kept != null) {
      browser().keepPicture(Path.of(kept).resolve(name + ".png"));
    }
  }

  private static Path fixture(String name) {
    return Path.of(System.getProperty("densestream.fixtures"), "media", name);
  }

  private Browser browser() {
    return requireNonNull(browser, "the browser is not open");
  }

  private WebElement await(String selector) {
    return browser().await(selector);
  }

  private void awaitTrue(String condition) {
    browser().awaitTrue(condition);
  }

  private @Nullable Object script(String script) {
    return browser().script(script);
  }

  private int count(String selector) {
    return browser().count(selector);
  }
}
