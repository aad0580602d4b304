package dev.densestream.endtoend.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ManifestsTest {
  private static final Path K8S = repository().resolve("k8s");

  @TempDir Path copy;

  @Test
  void fitTogetherAndFitTheApplication() {
    Manifests manifests = Manifests.read(K8S);
    assertThat(manifests.fileCount()).isGreaterThanOrEqualTo(18);
    assertThat(manifests.ofKind("Deployment")).hasSize(2);
    assertThat(manifests.ofKind("Service")).hasSize(2);
    assertThat(manifests.ofKind("PodDisruptionBudget")).hasSize(2);
    assertThat(manifests.ofKind("NetworkPolicy")).hasSize(6);
    assertThat(manifests.ofKind("ScaledObject")).hasSize(1);
    assertThat(manifests.ofKind("PersistentVolumeClaim")).hasSize(1);
    assertThat(ManifestFaults.in(manifests)).isEmpty();
  }

  /** Nothing here computes on one, so that one asked for would be idle. */
  @Test
  void askForNoGpu() {
    assertThat(Manifests.read(K8S).ofKind("Deployment"))
        .allSatisfy(
            deployment ->
                assertThat(deployment.at("/spec/template/spec/containers/0/resources").toString())
                    .contains("memory")
                    .doesNotContain("gpu"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          base/ingest/deployment.yaml | readinessProbe:          | readynessProbe:
          base/ingest/deployment.yaml | runAsNonRoot: true       | runAsNonroot: true
          base/answer/deployment.yaml | automountServiceAccountToken | automountServiceAcountToken
          base/answer/service.yaml    | targetPort: web          | targetport: web
          base/answer/scaling.yaml    | lagThreshold             | lagTreshold
          base/network.yaml           | podSelector: {}          | podSelectors: {}
          base/answer/disruption.yaml | policy/v1                | policy/v2
          base/kustomization.yaml     | resources:               | resource:
          base/answer/scaling.yaml    | stabilizationWindowSeconds | stabilisationWindowSeconds
          model/answer/with-model.yaml | containers:             | container:
          base/settings.yaml          | stringData:              | stringdata:
          """)
  void doNotParse_whenAFieldIsMisspelt(String file, String right, String wrong) {
    damage(file, right, wrong);
    assertThatThrownBy(() -> Manifests.read(copy)).isInstanceOf(RuntimeException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          base/answer/deployment.yaml | containerPort: 8081      | containerPort: 8082      | has ports
          base/settings.yaml          | "8081"                   | "8082"                   | moves a port
          base/answer/service.yaml    | targetPort: web          | targetPort: http         | targets no port
          base/network.yaml           | port: management         | port: metrics            | names no port
          base/answer/deployment.yaml | health/readiness         | health/ready             | readinessProbe asks
          base/answer/deployment.yaml | port: management         | port: web                | asks port
          base/answer/service.yaml    | app.kubernetes.io/name: answer | app.kubernetes.io/name: answers | selects answers
          base/ingest/network.yaml    | name: ingest             | name: ingress            | selects [ingress]
          base/answer/deployment.yaml | value: answer            | value: ingest            | does not run the role
          base/settings.yaml          | KAFKA_GROUPID            | KAFKA_GROUP_ID           | is no setting
          base/settings.yaml          | api-keys                 | api-key                  | is no setting
          model/answer/with-model.yaml | MODEL_PATH              | MODEL_DIR                | is no setting
          base/answer/scaling.yaml    | densestream-answers       | densestream              | watches group
          base/answer/scaling.yaml    | video.segments           | video.segment            | watches topic
          base/answer/scaling.yaml    | kafka-bootstrap          | kafka                    | another Kafka
          base/answer/deployment.yaml | readOnlyRootFilesystem: true | readOnlyRootFilesystem: false | read-only root
          base/answer/deployment.yaml | sizeLimit: 4Gi           | medium: Memory           | no size limit
          base/answer/deployment.yaml | secretName: densestream  | secretName: dense        | no secret dense
          base/answer/deployment.yaml | claimName: clips         | claimName: clip          | no claim clip for many
          base/answer/clips.yaml      | ReadWriteMany            | ReadWriteOnce            | no claim clips for many
          base/answer/clips.yaml      | name: clips              | name: clip               | no claim clips for many
          base/ingest/kustomization.yaml | - network.yaml        | - networks.yaml          | not there
          base/ingest/kustomization.yaml | - service.yaml        | - deployment.yaml        | listed nowhere
          """)
  void showAFault_whenTheyDoNotFit(String file, String right, String wrong, String fault) {
    damage(file, right, wrong);
    List<String> faults = ManifestFaults.in(Manifests.read(copy));
    assertThat(faults).anySatisfy(found -> assertThat(found).contains(fault));
  }

  /** Copies the manifests, with one text replaced in one of them. */
  private void damage(String file, String right, String wrong) {
    try (Stream<Path> all = Files.walk(K8S)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(K8S.relativize(path).toString());
        Files.createDirectories(target.getParent());
        Files.copy(path, target);
      }
      String text = Files.readString(copy.resolve(file));
      assertThat(text).contains(right);
      Files.writeString(copy.resolve(file), text.replace(right, wrong));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path repository() {
    return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
        .takeWhile(Objects::nonNull)
        .filter(folder -> Files.isDirectory(folder.resolve("k8s")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no folder k8s beside or above here"));
  }
}
