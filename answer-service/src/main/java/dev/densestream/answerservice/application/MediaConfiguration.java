package dev.densestream.answerservice.application;

import dev.densestream.answerservice.DenseStreamProperties;
import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaLimits;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Decoding, and what brings media onto this machine. */
@Configuration(proxyBeanMethods = false)
class MediaConfiguration {
  private static final int MOST_STREAMS = 16;

  @Bean(destroyMethod = "close")
  FrameSampler frameSampler(DenseStreamProperties properties, MeterRegistry meters) {
    DenseStreamProperties.Decoder decoder = properties.decoder();
    DecoderSettings defaults = DecoderSettings.defaults();
    MediaLimits limits =
        new MediaLimits(
            decoder.maxBytes().toBytes(),
            decoder.maxPixels(),
            decoder.maxFrames(),
            MOST_STREAMS,
            decoder.silence(),
            decoder.decoding());
    return FrameSampler.open(
        new DecoderSettings(
            decoder.children(),
            defaults.threads(),
            decoder.memory().toBytes(),
            defaults.start(),
            limits,
            defaults.scratch()),
        meters);
  }
}
