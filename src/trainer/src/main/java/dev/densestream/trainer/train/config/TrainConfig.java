package dev.densestream.trainer.train.config;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A training from start to end; with the same one the same model comes out.
 *
 * @param decay AdamW's, of matrices
 * @param clip longest gradient
 * @param replicas parts that a step's windows are divided into, each learnt from on a thread of its
 *     own
 * @param towerFrom directory of a vision tower that it begins with, relative to the config's file;
 *     null for one of random weights
 */
public record TrainConfig(
    String name,
    long seed,
    ModelPlan model,
    double decay,
    double clip,
    int replicas,
    @Nullable String towerFrom,
    List<Stage> stages) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .build();

  public TrainConfig {
    requireNonNull(name, "name is missing");
    requireNonNull(model, "model is missing");
    stages = List.copyOf(stages);
    if (stages.isEmpty() || !(clip > 0) || decay < 0) {
      throw new IllegalArgumentException("stages must not be empty, clip > 0 and decay >= 0");
    }
    if (replicas < 1) {
      throw new IllegalArgumentException("replicas must be >= 1: was " + replicas);
    }
    for (Stage stage : stages) {
      if (stage.windows() % replicas != 0) {
        throw new IllegalArgumentException(
            "stage "
                + stage.name()
                + ": its "
                + stage.windows()
                + " windows cannot be divided among "
                + replicas
                + " replicas");
      }
    }
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException naming the file and what is wrong in it
   */
  public static TrainConfig read(Path file) {
    try {
      return of(Files.readString(file)).relativeTo(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException saying what is wrong in it
   */
  public static TrainConfig of(String json) {
    try {
      return JSON.readValue(json, TrainConfig.class);
    } catch (JacksonException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalArgumentException(
          e.getOriginalMessage() + " (at " + e.getPathReference() + ")", e);
    }
  }

  private TrainConfig relativeTo(Path file) {
    if (towerFrom == null) {
      return this;
    }
    Path tower = file.toAbsolutePath().resolveSibling(towerFrom).normalize();
    return new TrainConfig(name, seed, model, decay, clip, replicas, tower.toString(), stages);
  }

  /**
   * Whether so many steps of another config are steps of this one too.
   *
   * @param done steps of all stages together
   */
  public boolean goesOnFrom(TrainConfig other, int done) {
    boolean alike =
        seed == other.seed
            && model.equals(other.model)
            && decay == other.decay
            && clip == other.clip
            && replicas == other.replicas
            && Objects.equals(towerFrom, other.towerFrom);
    return alike && begun(done).equals(other.begun(done));
  }

  private List<Stage> begun(int done) {
    List<Stage> begun = new ArrayList<>();
    int start = 0;
    for (Stage stage : stages) {
      if (start < done) {
        begun.add(stage);
      }
      start += stage.steps();
    }
    return begun;
  }

  /** All stages' steps. */
  public int steps() {
    return stages.stream().mapToInt(Stage::steps).sum();
  }

  /**
   * How many threads one tensor operation may use.
   *
   * @param threads that compute, of all replicas together
   */
  public int threadsOfAReplica(int threads) {
    return Math.max(1, threads / replicas);
  }

  /** The same with another seed and model. */
  public TrainConfig with(long otherSeed, ModelPlan other) {
    return new TrainConfig(name, otherSeed, other, decay, clip, replicas, towerFrom, stages);
  }
}
