package dev.densestream.endtoend.page;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A browser of its own, without a window. */
final class Browser implements AutoCloseable {
  private static final File PROGRAM = new File("/usr/bin/chromium");
  private static final File DRIVER = new File("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  static void assumeInstalled() {
    assumeTrue(
        PROGRAM.canExecute() && DRIVER.canExecute(),
        "skipped: chromium and chromedriver are not installed");
  }

  /**
   * @param folder where it keeps what it keeps
   */
  static Browser open(Path folder, String page) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(PROGRAM);
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + folder.resolve("browser-" + System.nanoTime()));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriver driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER)
                .usingAnyFreePort()
                .build(),
            options);
    driver.manage().window().setSize(new Dimension(1400, 1300));
    driver.get(page);
    return new Browser(driver);
  }

  /** The first that is displayed; the page puts new elements in the place of old ones meanwhile. */
  WebElement await(String selector) {
    List<WebElement> shown = new ArrayList<>();
    new WebDriverWait(driver, PATIENCE)
        .withMessage(selector)
        .ignoring(StaleElementReferenceException.class)
        .until(_ -> shown.addAll(displayed(selector)));
    return shown.getFirst();
  }

  private List<WebElement> displayed(String selector) {
    return driver.findElements(By.cssSelector(selector)).stream()
        .filter(WebElement::isDisplayed)
        .toList();
  }

  void awaitTrue(String condition) {
    new WebDriverWait(driver, PATIENCE)
        .withMessage(condition)
        .until(_ -> Boolean.TRUE.equals(script(condition)));
  }

  @Nullable Object script(String script) {
    return driver.executeScript(script);
  }

  int count(String selector) {
    return driver.findElements(By.cssSelector(selector)).size();
  }

  /** Scripts that failed, what the page's own rules blocked, what was not found. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(Object::toString)
        .toList();
  }

  void keepPicture(Path file) throws IOException {
    Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
