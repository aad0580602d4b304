package dev.densestream.endtoend.page;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * The page behind something that refuses and breaks off connections, as what stands before a
 * service does at times.
 */
final class PageResumesIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Of the demo's clip, one for each window of 4 s. */
  private static final int CAPTIONS = 10;

  @TempDir private static Path folder;
  @AutoClose private static @Nullable DemoService service;

  private @Nullable BreakingProxy proxy;
  private @Nullable Browser browser;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Browser.assumeInstalled();
    service = DemoService.start(folder);
  }

  @BeforeEach
  void open() throws IOException {
    proxy = BreakingProxy.before(requireNonNull(service).page());
    browser = Browser.open(folder, proxy.page());
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.close();
    }
    if (proxy != null) {
      proxy.close();
    }
  }

  /** A browser gives up on an event stream that is answered with anything but 200. */
  @Test
  void showsWhatWasAnswered_whileItsStreamWasRefused() throws IOException {
    browser().awaitTrue("return document.getElementById('connection').textContent === 'live'");
    try (Answers answers = Answers.follow(requireNonNull(service).page())) {
      browser().awaitTrue("return document.querySelectorAll('#answers li').length > 0");
      int asked = proxy().requests("/api/answers");
      proxy().refuse("/api/answers", 503);
      browser()
          .awaitTrue("return document.getElementById('connection').dataset.state === 'broken'");
      int before = answers.ids.size();
      await(
          () -> proxy().requests("/api/answers") >= asked + 3 && answers.ids.size() >= before + 3);
      List<String> meanwhile = List.copyOf(answers.ids);
      proxy().allow("/api/answers");
      browser().awaitTrue("return document.getElementById('connection').textContent === 'live'");
      browser()
          .awaitTrue(
              "const shown = [...document.querySelectorAll('#answers li')].map(li => li.dataset.id);"
                  + " return '%s'.split(' ').every(id => shown.includes(id))"
                      .formatted(String.join(" ", meanwhile)));
      assertThat(
              browser()
                  .script(
                      "const shown = [...document.querySelectorAll('#answers li')].map(li => li.dataset.id);"
                          + " return new Set(shown).size === shown.length"))
          .isEqualTo(true);
    }
  }

  @Test
  void showsEachCaptionOnce_howeverOftenTheClipsStreamBreaks() {
    proxy().cutBefore("event:done");
    String events = "/api/clips/" + pickTheDemosClip() + "/events";
    await(() -> proxy().requests(events) >= 3);
    browser().awaitTrue("return document.querySelectorAll('#captions li').length > 0");
    assertThat(browser().count("#captions li")).isBetween(1, CAPTIONS);
  }

  @Test
  void saysSo_whenTheClipIsGone() {
    String clip = pickTheDemosClip();
    proxy().refuse("/api/clips/" + clip, 404);
    browser().script("document.querySelector('#clips .pick').click()");
    browser()
        .awaitTrue(
            "return document.getElementById('player-state').textContent"
                + " === 'The clip is not there any more.'");
    assertThat(browser().script("return document.getElementById('player-bar').hidden"))
        .isEqualTo(true);
  }

  @Test
  void keepsItsQuestionsAndTheFocus_whetherOrNotTheyCanBeReadAgain() {
    String button = "#questions li:nth-child(2) button";
    browser().await(button);
    browser().script("document.querySelector('" + button + "').focus()");
    String focused = "return document.activeElement === document.querySelector('" + button + "')";
    int asked = proxy().requests("/api/questions");
    await(() -> proxy().requests("/api/questions") > asked);
    browser().awaitTrue(focused);
    proxy().refuse("/api/questions", 503);
    int refused = proxy().requests("/api/questions");
    await(() -> proxy().requests("/api/questions") > refused);
    assertThat(browser().script(focused)).isEqualTo(true);
    assertThat(browser().script("return document.getElementById('no-questions').hidden"))
        .isEqualTo(true);
  }

  private String pickTheDemosClip() {
    browser()
        .awaitTrue(
            "const row = [...document.querySelectorAll('#clips .pick')]"
                + ".find(b => b.textContent === 'demo-events.mp4'); row?.click(); return !!row");
    return String.valueOf(
        browser()
            .script("return document.querySelector('#clips [aria-current=true]').dataset.key"));
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(PATIENCE).until(condition);
  }

  private BreakingProxy proxy() {
    return requireNonNull(proxy, "the proxy is not open");
  }

  private Browser browser() {
    return requireNonNull(browser, "the browser is not open");
  }

  /** Ids of the answers as they come, read from the service itself. */
  private static final class Answers implements AutoCloseable {
    private final List<String> ids = new CopyOnWriteArrayList<>();
    private final HttpURLConnection connection;

    private Answers(HttpURLConnection connection) {
      this.connection = connection;
    }

    static Answers follow(String page) throws IOException {
      URI following = URI.create(page + "api/answers?from=latest");
      Answers answers = new Answers((HttpURLConnection) following.toURL().openConnection());
      answers.connection.connect();
      Thread.ofVirtual().start(answers::read);
      return answers;
    }

    private void read() {
      try (var lines =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("data:")) {
            ids.add(JsonMapper.shared().readTree(line.substring(5)).path("id").asString());
          }
        }
      } catch (IOException closed) {
        // The test is over.
      }
    }

    @Override
    public void close() {
      connection.disconnect();
    }
  }
}
