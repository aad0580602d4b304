package dev.densestream.answerservice;

import dev.densestream.ingest.TopicSettings;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.TokenReduction;
import dev.densestream.visionpipeline.VideoPooling;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Every setting of the application, with its default. {@code application.yaml} explains them.
 *
 * @param demo start with cameras and standing questions of its own
 */
@ConfigurationProperties("densestream")
public record DenseStreamProperties(
    @DefaultValue({"ingest", "answer"}) Set<Role> roles,
    @DefaultValue("false") boolean demo,
    @DefaultValue Model model,
    @DefaultValue Kafka kafka,
    @DefaultValue Decoder decoder,
    @DefaultValue Windows windows,
    @DefaultValue Clips clips,
    @DefaultValue Fetch fetch) {
  public DenseStreamProperties {
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("densestream.roles must name ingest, answer or both");
    }
    roles = Set.copyOf(roles);
    if (roles.contains(Role.ANSWER) && model.precision() != null) {
      model.precision().requireDevice(model.device());
    }
  }

  /**
   * Which model, and how it runs.
   *
   * @param path the model's directory, as published; null for the small model that comes along
   * @param conversation name of the conversation template; null for what the directory says
   * @param precision of the weights; null for what they are stored in
   * @param tokenReduction of every image's tokens; null for what the directory says
   * @param videoPooling of video frames' tokens; null for the original's habit
   * @param visionTowers folders where to look for the vision tower, besides the model's own
   * @param device what computes: cpu, or gpu0 and so on
   * @param threads for one tensor operation; 0 for one per core, and for one where the model is
   *     small
   * @param slots answers generated together
   * @param queue answers that wait for a slot, at most
   * @param kvCache keys and values of all answers and windows under way, at most
   * @param callLimit longest time one call of the encoder or the language model is taken to need
   */
  public record Model(
      @Nullable Path path,
      @Nullable String conversation,
      @Nullable Precision precision,
      @Nullable TokenReduction tokenReduction,
      @Nullable VideoPooling videoPooling,
      @DefaultValue List<Path> visionTowers,
      @DefaultValue(RuntimeSettings.CPU) String device,
      @DefaultValue("0") int threads,
      @DefaultValue("8") int slots,
      @DefaultValue("64") int queue,
      @DefaultValue("2GB") DataSize kvCache,
      @DefaultValue("10m") Duration callLimit) {}

  /**
   * Which Kafka.
   *
   * @param bootstrapServers the user's Kafka; empty for a broker of our own in this process
   * @param dataDir where our own broker keeps its log; null for a temporary folder
   * @param port our own broker's; 0 for any free one
   * @param groupId of all processes that answer live windows
   * @param clipGroupId of all processes that work on clips
   * @param instanceId of this process in the group, stable over restarts: the pod's ordinal
   * @param sessionTimeout how long a silent process keeps its partitions
   * @param queue segment bytes read ahead of demand, at most
   * @param client further Kafka client settings, such as {@code security.protocol}
   */
  public record Kafka(
      @DefaultValue("") String bootstrapServers,
      @Nullable Path dataDir,
      @DefaultValue("0") int port,
      @DefaultValue("densestream-answers") String groupId,
      @DefaultValue("densestream-clips") String clipGroupId,
      @DefaultValue("0") String instanceId,
      @DefaultValue("10s") Duration sessionTimeout,
      @DefaultValue("64MB") DataSize queue,
      @DefaultValue Topics topics,
      @DefaultValue Map<String, String> client) {
    public Kafka {
      client = Map.copyOf(client);
    }

    public boolean embedded() {
      return bootstrapServers.isBlank();
    }
  }

  /** Topic names. */
  public record Topics(
      @DefaultValue("video.segments") String segments,
      @DefaultValue("video.streams") String streams,
      @DefaultValue("video.questions") String questions,
      @DefaultValue("video.clips") String clips,
      @DefaultValue("video.answers") String answers,
      @DefaultValue("video.dead-letters") String deadLetters,
      @DefaultValue("video.progress") String progress,
      @DefaultValue("video.clip-outcomes") String clipOutcomes) {
    public TopicSettings settings() {
      return new TopicSettings(
          segments, streams, questions, clips, answers, deadLetters, progress, clipOutcomes);
    }
  }

  /**
   * Limits on decoding one media, enforced in child processes.
   *
   * @param children decoder processes, besides one for each clip worked on
   * @param memory address space of each
   * @param maxBytes largest encoded media
   * @param maxPixels largest picture
   * @param silence longest time the decoder may say nothing while somebody waits for it
   * @param decoding longest time of waiting for the decoder, summed over one media
   */
  public record Decoder(
      @DefaultValue("2") int children,
      @DefaultValue("3GB") DataSize memory,
      @DefaultValue("4GB") DataSize maxBytes,
      @DefaultValue("16777216") long maxPixels,
      @DefaultValue("1000000") long maxFrames,
      @DefaultValue("20s") Duration silence,
      @DefaultValue("15m") Duration decoding) {}

  /**
   * How live streams are worked on.
   *
   * @param decodeAhead segments decoded and encoded at the same time
   * @param encodeAhead frames of one segment that wait for the encoder
   * @param frameBytes decoded frames held for the encoder, of all streams together, at most; a
   *     larger single frame is held alone, and each segment in decoding may have one more in hand
   * @param tokenBytes visual tokens held for open windows, of all streams together, at most; beyond
   *     it the streams that hold most let go of frames, evenly over their windows
   * @param answerAhead closed windows answered at the same time
   * @param answerDeadline for one answer from when it has a slot; then it fails with {@code
   *     model_timeout}
   * @param idle a stream without segments for so long has its open windows closed
   * @param latestWithin a {@code latest} stream further behind than this skips windows
   */
  public record Windows(
      @DefaultValue("2") int decodeAhead,
      @DefaultValue("8") int encodeAhead,
      @DefaultValue("256MB") DataSize frameBytes,
      @DefaultValue("1GB") DataSize tokenBytes,
      @DefaultValue("4") int answerAhead,
      @DefaultValue("60s") Duration answerDeadline,
      @DefaultValue("10s") Duration idle,
      @DefaultValue("10s") Duration latestWithin) {}

  /**
   * Recorded clips.
   *
   * @param dataDir where uploaded clips are kept; null for a temporary folder
   * @param shared the folder is on a file system that every process of the clip group has: each
   *     works on the clips of all
   * @param maxBytes largest clip
   * @param maxStored all kept clips together
   * @param concurrency clips worked on at the same time
   * @param queued clips accepted and not done, at most; more get 429
   * @param retention how long a clip and its result are kept
   */
  public record Clips(
      @Nullable Path dataDir,
      @DefaultValue("false") boolean shared,
      @DefaultValue("1GB") DataSize maxBytes,
      @DefaultValue("10GB") DataSize maxStored,
      @DefaultValue("1") int concurrency,
      @DefaultValue("32") int queued,
      @DefaultValue("24h") Duration retention) {
    public Clips {
      if (shared && dataDir == null) {
        throw new IllegalArgumentException(
            "densestream.clips.shared needs densestream.clips.data-dir, the folder that is shared");
      }
    }
  }

  /**
   * What capture, and clips by reference, may open. Nothing that is not named here.
   *
   * @param folders on this machine, with everything below them
   * @param hosts {@code name}, {@code name:port}, {@code *.example.org} or {@code *}; reached only
   *     at public addresses
   * @param privateHosts {@code name} or {@code name:port}; may be at private addresses too
   * @param maxBytes of one fetched file
   */
  public record Fetch(
      @DefaultValue List<Path> folders,
      @DefaultValue Set<String> hosts,
      @DefaultValue Set<String> privateHosts,
      @DefaultValue("512MB") DataSize maxBytes) {
    public Fetch {
      folders = List.copyOf(folders);
      hosts = Set.copyOf(hosts);
      privateHosts = Set.copyOf(privateHosts);
    }
  }
}
