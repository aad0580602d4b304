package dev.densestream.endtoend.deployment;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads YAML so that nothing unknown passes: not a field, not a duplicate, not a kind. */
final class StrictYaml {
  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "v1 Namespace", Namespace.class,
          "v1 ConfigMap", ConfigMap.class,
          "v1 Secret", Secret.class,
          "v1 PersistentVolumeClaim", PersistentVolumeClaim.class,
          "v1 Service", Service.class,
          "apps/v1 Deployment", Deployment.class,
          "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class,
          "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
          "keda.sh/v1alpha1 ScaledObject", ScaledObject.class,
          "kustomize.config.k8s.io/v1beta1 Kustomization", Kustomization.class);

  private static final ObjectMapper MAPPER = mapper();

  private StrictYaml() {}

  /** KEDA's scaled object, as far as it is used here. */
  record ScaledObject(String apiVersion, String kind, Metadata metadata, Spec spec) {
    record Metadata(String name) {}

    record Spec(
        Target scaleTargetRef,
        int pollingInterval,
        int minReplicaCount,
        int maxReplicaCount,
        Advanced advanced,
        List<Trigger> triggers) {}

    record Advanced(Autoscaler horizontalPodAutoscalerConfig) {}

    record Autoscaler(HorizontalPodAutoscalerBehavior behavior) {}

    record Target(String name) {}

    record Trigger(String type, Lag metadata) {}

    record Lag(
        String bootstrapServers,
        String consumerGroup,
        String topic,
        String lagThreshold,
        String offsetResetPolicy,
        String excludePersistentLag) {}
  }

  /** Kustomize's own file, as far as it is used here. */
  record Kustomization(
      String apiVersion,
      String kind,
      @Nullable String namespace,
      @Nullable List<Labels> labels,
      List<String> resources,
      @Nullable List<Patch> patches,
      @Nullable List<Image> images) {
    record Labels(Map<String, String> pairs, boolean includeSelectors, boolean includeTemplates) {}

    record Patch(String path) {}

    record Image(String name, String newName, String newTag) {}
  }

  /** The documents of a file as trees, each of them checked against its model. */
  static List<JsonNode> read(Path file) {
    List<JsonNode> documents = trees(file);
    documents.forEach(document -> requireStrict(file, document));
    return documents;
  }

  /** The documents of a file that is no manifest. */
  static List<JsonNode> trees(Path file) {
    try (var parser = MAPPER.getFactory().createParser(file.toFile())) {
      return MAPPER.readValues(parser, JsonNode.class).readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  static JsonNode tree(String yaml) {
    try {
      return MAPPER.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static <T> T convert(JsonNode document, Class<T> type) {
    try {
      return MAPPER.treeToValue(document, type);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireStrict(Path file, JsonNode document) {
    String kind = document.path("apiVersion").asText() + " " + document.path("kind").asText();
    Class<?> type = KINDS.get(kind);
    if (type == null) {
      throw new IllegalArgumentException(file + ": unknown kind " + kind);
    }
    convert(document, type);
  }

  private static ObjectMapper mapper() {
    return new ObjectMapper(new YAMLFactory())
        .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
        .setAnnotationIntrospector(new NothingExtra());
  }

  /** The models keep unknown fields in a map of their own; here they are to be refused. */
  private static final class NothingExtra extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return false;
    }
  }
}
