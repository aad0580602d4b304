package dev.densestream.answerservice.command;

import dev.densestream.answerservice.clip.ClipEvent;
import dev.densestream.answerservice.clip.ClipResult;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** Runs a clip's pipeline to its end, with progress. */
final class ClipRun {
  private final ProgressLine progress;
  private final Consumer<String> tokens;
  private final AtomicReference<@Nullable ClipEvent> end = new AtomicReference<>();

  /**
   * @param tokens gets the answer's text as it comes
   */
  ClipRun(PrintWriter err, Consumer<String> tokens) {
    this.progress = new ProgressLine(err);
    this.tokens = tokens;
  }

  ClipResult finish(Flux<ClipEvent> events) {
    events.doOnNext(this::show).doOnNext(end::set).blockLast();
    progress.clear();
    return switch (end.get()) {
      case ClipEvent.Finished(var result) -> result;
      case ClipEvent.Refused(var code, var detail) ->
          throw new CommandFailedException(code, detail);
      case null, default -> throw new IllegalStateException("the clip ended without a result");
    };
  }

  private void show(ClipEvent event) {
    switch (event) {
      case ClipEvent.Progress at -> progress.show(at);
      case ClipEvent.Token(var text) -> {
        progress.clear();
        tokens.accept(text);
      }
      case ClipEvent.Captioned _, ClipEvent.Finished _, ClipEvent.Refused _ -> {}
    }
  }
}
