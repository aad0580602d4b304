package dev.densestream.ingest.source;

import dev.densestream.ingest.Capture;
import dev.densestream.ingest.CaptureSettings;
import dev.densestream.ingest.MediaFetcher;
import dev.densestream.ingest.Segment;
import dev.densestream.ingest.SegmentCutter;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.StreamState;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;

/** Captures any number of streams, each in a session of its own. */
public final class SourceCapture implements Capture {
  private final CaptureSettings settings;
  private final SegmentCutter cutter;
  private final MediaFetcher fetcher;
  private final CaptureMeters meters;
  private final CaptureTime time;
  private final Map<StreamId, StreamState> states = new ConcurrentHashMap<>();
  private final LastEnds ends = new LastEnds();

  SourceCapture(
      CaptureSettings settings,
      SegmentCutter cutter,
      MediaFetcher fetcher,
      CaptureMeters meters,
      CaptureTime time) {
    this.settings = settings;
    this.cutter = cutter;
    this.fetcher = fetcher;
    this.meters = meters;
    this.time = time;
  }

  /** See {@link Capture#open}. */
  public static SourceCapture open(
      CaptureSettings settings, SegmentCutter cutter, MediaFetcher fetcher, MeterRegistry meters) {
    return new SourceCapture(
        settings, cutter, fetcher, new CaptureMeters(meters), CaptureTime.system());
  }

  @Override
  public Flux<Segment> segments(StreamDefinition definition) {
    String source =
        definition
            .sourceUri()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "stream " + definition.id() + " has no source to capture"));
    return Flux.defer(() -> new CaptureSession(definition, source, this).segments());
  }

  @Override
  public Map<StreamId, StreamState> states() {
    return Map.copyOf(states);
  }

  @Override
  public void show(StreamId stream, StreamState state) {
    become(stream, state);
  }

  @Override
  public void forget(StreamId stream) {
    states.remove(stream);
  }

  CaptureSettings settings() {
    return settings;
  }

  SegmentCutter cutter() {
    return cutter;
  }

  MediaFetcher fetcher() {
    return fetcher;
  }

  CaptureMeters meters() {
    return meters;
  }

  CaptureTime time() {
    return time;
  }

  LastEnds ends() {
    return ends;
  }

  void become(StreamId stream, StreamState state) {
    states.put(stream, state);
  }
}
