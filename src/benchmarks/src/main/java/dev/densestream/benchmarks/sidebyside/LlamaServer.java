package dev.densestream.benchmarks.sidebyside;

import dev.densestream.benchmarks.gguf.LlamaShape;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running {@code llama-server} with a slot for each question, and a client of it. */
final class LlamaServer implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration ANSWER = Duration.ofMinutes(20);

  /** Random weights also generate bytes that are no text, which the server fails to return. */
  private static final List<List<Object>> WORDS_ALONE =
      IntStream.range(0, LlamaShape.FIRST_WORD)
          .mapToObj(token -> List.<Object>of(token, false))
          .toList();

  private final Process process;
  private final URI address;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private LlamaServer(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /** Starts it and waits until its model is loaded. */
  static LlamaServer start(LlamaCpp build, Path model, int threads, int slots, int slotContext)
      throws IOException, InterruptedException {
    int port = freePort();
    List<String> command = new ArrayList<>();
    command.add(build.program("llama-server"));
    command.addAll(List.of("-m", model.toString(), "--host", "127.0.0.1"));
    command.addAll(List.of("--port", Integer.toString(port), "-t", Integer.toString(threads)));
    command.addAll(List.of("-np", Integer.toString(slots)));
    command.addAll(List.of("-c", Integer.toString(slots * slotContext), "--cache-prompt"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    var server = new LlamaServer(process, URI.create("http://127.0.0.1:" + port));
    try {
      server.awaitReady();
      return server;
    } catch (IOException | InterruptedException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady() throws IOException, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (!ready()) {
      if (process.waitFor(100, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
        throw new IOException("llama-server did not become ready");
      }
    }
  }

  private boolean ready() throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(address.resolve("/health")).build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false; // not listening yet
    }
  }

  /** Asks at once; completes when exactly so many tokens have been generated. */
  CompletableFuture<Void> ask(List<Integer> prompt, int tokens) {
    Map<String, Object> body =
        Map.of(
            "prompt",
            prompt,
            "n_predict",
            tokens,
            "temperature",
            0,
            "ignore_eos",
            true,
            "cache_prompt",
            true,
            "logit_bias",
            WORDS_ALONE,
            "response_fields",
            List.of("tokens_predicted", "tokens_evaluated"));
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve("/completion"))
            .timeout(ANSWER)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body)))
            .build();
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenAccept(response -> check(response.body(), prompt.size(), tokens));
  }

  /** A comparison in which one side does less work would be none. */
  static void check(String body, int prompt, int tokens) {
    JsonNode answer = JsonMapper.shared().readTree(body);
    int generated = answer.path("tokens_predicted").asInt(-1);
    int read = answer.path("tokens_evaluated").asInt(-1);
    if (generated != tokens || read != prompt) {
      throw new IllegalStateException(
          "llama-server generated %d tokens for a prompt of %d, not %d for %d: %s"
              .formatted(generated, read, tokens, prompt, answer.path("error")));
    }
  }

  @Override
  public void close() {
    client.close();
    process.destroyForcibly();
    process.onExit().join();
  }
}
