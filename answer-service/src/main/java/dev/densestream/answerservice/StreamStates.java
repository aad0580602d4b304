package dev.densestream.answerservice;

import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.StreamState;
import java.util.Optional;

/** How the streams captured by this process stand; there is none where nothing is captured. */
@FunctionalInterface
public interface StreamStates {
  /** Empty for a stream this process does not capture. */
  Optional<StreamState> of(StreamId stream);
}
