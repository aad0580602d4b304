package dev.densestream.endtoend.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.densestream.endtoend.architecture.offending.BlockingWait;
import dev.densestream.endtoend.architecture.offending.EndlessQueue;
import dev.densestream.endtoend.architecture.offending.EndlessSink;
import dev.densestream.endtoend.architecture.offending.FfmpegOutsideDecode;
import dev.densestream.endtoend.architecture.offending.FrameUtils;
import dev.densestream.endtoend.architecture.offending.HttpOutsideSource;
import dev.densestream.endtoend.architecture.offending.KafkaOutsideTopic;
import dev.densestream.endtoend.architecture.offending.MadeUpMetadata;
import dev.densestream.endtoend.architecture.offending.TensorOutsideRuntime;
import dev.densestream.endtoend.architecture.offending.UnboundedCreate;
import dev.densestream.endtoend.architecture.offending.UnboundedFlatMap;
import dev.densestream.endtoend.architecture.offending.bare.WithoutPackageInfo;
import dev.densestream.ingest.offending.LooksRight;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule holds for the modules, and is broken by the class written to break it. */
class ArchitectureTest {
  private static final JavaClasses MODULES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(
              ModuleRules.MODULES.stream().map("dev.densestream."::concat).toArray(String[]::new));

  private static final ArchRule STARTED_BY_OWNER =
      ReactiveRules.workIsStartedByItsOwner(
          "dev.densestream.answerservice.live.PipelineLifecycle",
          // Waits once, at start, for topics that everything after it reads.
          "dev.densestream.answerservice.application.ClusterStart",
          // Asks on its own clock, since a gauge must answer at once.
          "dev.densestream.ingest.topic.LagGauge",
          // Part of the command bench.
          "dev.densestream.answerservice.generate.PaceBench",
          "dev.densestream.answerservice.generate.StreamsBench",
          // Part of the command parity.
          "dev.densestream.answerservice.parity.FixturePictures");

  private static final ArchRule QUEUES_ARE_BOUNDED =
      // One entry for each caller that waits at that moment.
      ReactiveRules.queuesAreBounded("dev.densestream.ingest.topic.CompactedTable");

  private static final ArchRule OFFSETS_CARRY_METADATA =
      // Does wrong on demand, for the control of the test that kills the service.
      ReactiveRules.offsetsCarryTheConsumersMetadata(
          "dev.densestream.ingest.topic.SettlementFault");

  private static final Map<ArchRule, Class<?>> OFFENDERS =
      Map.ofEntries(
          Map.entry(ModuleRules.DEPENDENCIES_POINT_LEFT, LooksRight.class),
          Map.entry(ModuleRules.FFMPEG_STAYS_IN_DECODE, FfmpegOutsideDecode.class),
          Map.entry(ModuleRules.DJL_STAYS_IN_THE_RUNTIMES, TensorOutsideRuntime.class),
          Map.entry(ModuleRules.KAFKA_STAYS_IN_TOPIC, KafkaOutsideTopic.class),
          Map.entry(ModuleRules.HTTP_CLIENTS_STAY_IN_SOURCE, HttpOutsideSource.class),
          Map.entry(ModuleRules.NAMES_SAY_THE_ROLE, FrameUtils.class),
          Map.entry(ModuleRules.PACKAGES_ARE_DESCRIBED, WithoutPackageInfo.class),
          Map.entry(STARTED_BY_OWNER, BlockingWait.class),
          Map.entry(ReactiveRules.OPERATORS_STATE_THEIR_BOUND, UnboundedFlatMap.class),
          Map.entry(ReactiveRules.CREATED_FLUXES_STATE_THEIR_OVERFLOW, UnboundedCreate.class),
          Map.entry(ReactiveRules.SINKS_ARE_BOUNDED, EndlessSink.class),
          Map.entry(QUEUES_ARE_BOUNDED, EndlessQueue.class),
          Map.entry(OFFSETS_CARRY_METADATA, MadeUpMetadata.class));

  static Stream<ArchRule> rules() {
    return OFFENDERS.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void modulesKeep(ArchRule rule) {
    rule.check(MODULES);
  }

  /** The control: a rule nothing can break says nothing. */
  @ParameterizedTest
  @MethodSource("rules")
  void itsOffenderBreaks(ArchRule rule) {
    JavaClasses offender = new ClassFileImporter().importClasses(OFFENDERS.get(rule));

    assertThat(rule.evaluate(offender).hasViolation()).isTrue();
  }

  @Test
  void sawEveryModule() {
    for (String module : ModuleRules.MODULES) {
      assertThat(MODULES)
          .anyMatch(type -> type.getPackageName().startsWith("dev.densestream." + module));
    }
  }
}
