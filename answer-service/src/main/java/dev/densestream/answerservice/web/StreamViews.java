package dev.densestream.answerservice.web;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.StreamActivity;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.StreamState;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Streams as the page and its like see them. */
final class StreamViews {
  private final StreamActivity activity;
  private final Function<StreamId, Optional<StreamState>> states;
  private final FramePictures pictures;
  private final Scheduler drawing;

  /**
   * @param states of the streams captured by this process; empty for others
   */
  StreamViews(
      StreamActivity activity,
      Function<StreamId, Optional<StreamState>> states,
      FramePictures pictures,
      Scheduler drawing) {
    this.activity = requireNonNull(activity, "activity is null");
    this.states = requireNonNull(states, "states is null");
    this.pictures = requireNonNull(pictures, "pictures is null");
    this.drawing = requireNonNull(drawing, "drawing is null");
  }

  /**
   * All streams.
   *
   * @param lag records of the segments topic not answered yet, over all streams; -1 when Kafka does
   *     not say
   */
  record Listed(List<View> streams, long lag) {}

  /**
   * One stream.
   *
   * @param defined false for a stream somebody else feeds without a definition
   * @param state of its capture, or {@code external} where this process does not capture it
   * @param failure code of its last segment, when that was given up
   */
  record View(
      String id,
      boolean defined,
      @Nullable String sampling,
      @Nullable String overload,
      State state,
      Frames frames,
      @Nullable Latest latest,
      @Nullable String failure) {}

  /** How its capture stands; code and reason where it is not well. */
  record State(String name, @Nullable String code, @Nullable String reason) {}

  /** What became of its frames since this process started. */
  record Frames(long seen, long sampled, long gated, Map<String, Long> dropped) {}

  /** The latest sampled frame. */
  record Latest(long ptsMicros, int width, int height, Instant at) {}

  Listed listed(Collection<StreamId> ids, Map<String, StreamDefinition> defined, long lag) {
    return new Listed(
        ids.stream().map(id -> view(id, Optional.ofNullable(defined.get(id.value())))).toList(),
        lag);
  }

  /** The latest frame as JPEG; empty where none has been seen. */
  Mono<byte[]> picture(StreamId id) {
    return Mono.fromCallable(() -> pictures.latest(id).orElse(null)).subscribeOn(drawing);
  }

  /** Nothing of it is kept or shown until it is seen again. */
  void forget(StreamId id) {
    activity.forget(id);
    pictures.forget(id);
  }

  /** A path's stream id. @throws ProblemException 404 when no stream can be called so */
  static StreamId id(String text) {
    try {
      return new StreamId(text);
    } catch (IllegalArgumentException impossible) {
      throw ProblemException.notFound("stream", "of that name");
    }
  }

  private View view(StreamId id, Optional<StreamDefinition> definition) {
    Optional<StreamActivity.Seen> seen = activity.of(id);
    return new View(
        id.value(),
        definition.isPresent(),
        definition.map(StreamDefinition::sampling).orElse(null),
        definition.map(known -> known.overload().text()).orElse(null),
        states.apply(id).map(StreamViews::state).orElse(new State("external", null, null)),
        frames(seen.map(StreamActivity.Seen::counts).orElse(FrameCounts.NONE)),
        seen.map(StreamViews::latest).orElse(null),
        seen.map(StreamActivity.Seen::failure).orElse(null));
  }

  private static State state(StreamState state) {
    return switch (state) {
      case StreamState.Retrying(String code, String reason, int _) ->
          new State(state.text(), code, reason);
      case StreamState.Refused(String code, String reason) -> new State(state.text(), code, reason);
      case StreamState.Starting _, StreamState.Running _, StreamState.Ended _ ->
          new State(state.text(), null, null);
    };
  }

  private static Frames frames(FrameCounts counts) {
    Map<String, Long> dropped = new TreeMap<>();
    counts.dropped().forEach((why, n) -> dropped.put(why.name().toLowerCase(Locale.ROOT), n));
    return new Frames(counts.seen(), counts.sampled(), counts.gated(), dropped);
  }

  private static @Nullable Latest latest(StreamActivity.Seen seen) {
    StreamActivity.Latest latest = seen.latest();
    return latest == null
        ? null
        : new Latest(latest.picture().ptsMicros(), latest.width(), latest.height(), seen.at());
  }
}
