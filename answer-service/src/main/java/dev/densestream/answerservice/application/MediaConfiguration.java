package dev.densestream.answerservice.application;

import dev.densestream.answerservice.DenseStreamProperties;
import dev.densestream.answerservice.ForRole;
import dev.densestream.answerservice.Role;
import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaLimits;
import dev.densestream.ingest.ClipSettings;
import dev.densestream.ingest.ClipStore;
import dev.densestream.ingest.FetchSettings;
import dev.densestream.ingest.MediaFetcher;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
            properties.clips().concurrency(),
            defaults.threads(),
            decoder.memory().toBytes(),
            defaults.start(),
            limits,
            defaults.scratch()),
        meters);
  }

  @Bean(destroyMethod = "close")
  ScratchFolder scratchFolder() {
    return ScratchFolder.create();
  }

  @Bean
  FetchSettings fetchSettings(DenseStreamProperties properties, ScratchFolder scratch) {
    DenseStreamProperties.Fetch fetch = properties.fetch();
    List<Path> folders = new ArrayList<>(fetch.folders());
    if (properties.demo()) {
      folders.add(scratch.folder(DemoConfiguration.FOLDER));
    }
    FetchSettings.Limits limits = FetchSettings.Limits.defaults();
    return new FetchSettings(
        folders,
        fetch.hosts(),
        fetch.privateHosts(),
        scratch.folder("fetch"),
        new FetchSettings.Limits(
            fetch.maxBytes().toBytes(), limits.connect(), limits.whole(), limits.maxRedirects()));
  }

  @Bean
  MediaFetcher mediaFetcher(FetchSettings settings, MeterRegistry meters) {
    return MediaFetcher.open(settings, meters);
  }

  @Bean(destroyMethod = "close")
  @ForRole(Role.ANSWER)
  ClipStore clipStore(
      DenseStreamProperties properties, ScratchFolder scratch, MeterRegistry meters) {
    DenseStreamProperties.Clips clips = properties.clips();
    Path folder =
        clips.dataDir() == null ? scratch.folder("clips") : clips.dataDir().resolve("store");
    return ClipStore.open(
        new ClipSettings(
            folder,
            clips.shared(),
            clips.maxBytes().toBytes(),
            clips.maxStored().toBytes(),
            ClipSettings.defaults(folder).minFreeBytes(),
            clips.retention()),
        meters);
  }
}
