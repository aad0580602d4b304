package dev.densestream.answerservice.live;

import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which frames of a stream go on. The door refuses what cannot be read, but anybody may write to
 * the topic: that is said once of each definition.
 */
final class Sampling {
  private static final Logger LOG = LoggerFactory.getLogger(Sampling.class);

  /** What was said already. */
  private final Map<StreamId, String> unreadable = new ConcurrentHashMap<>();

  SamplingPolicy of(StreamDefinition definition) {
    try {
      SamplingPolicy policy = SamplingPolicy.parse(definition.sampling());
      unreadable.remove(definition.id());
      return policy;
    } catch (IllegalArgumentException e) {
      String said = unreadable.put(definition.id(), definition.sampling());
      if (!definition.sampling().equals(said)) {
        LOG.warn("stream {} is sampled at fps:1: {}", definition.id(), e.getMessage());
      }
      return new SamplingPolicy.Fps(1);
    }
  }
}
