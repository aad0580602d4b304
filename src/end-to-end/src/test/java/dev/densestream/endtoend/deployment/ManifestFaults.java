package dev.densestream.endtoend.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.densestream.ingest.TopicSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What in the manifests does not fit together, or does not fit the application; one line each. */
final class ManifestFaults {
  private static final String NAME_LABEL = "app.kubernetes.io/name";

  private final Manifests manifests;
  private final ApplicationNames application = new ApplicationNames();
  private final List<String> faults = new ArrayList<>();

  private ManifestFaults(Manifests manifests) {
    this.manifests = manifests;
  }

  static List<String> in(Manifests manifests) {
    ManifestFaults found = new ManifestFaults(manifests);
    found.faults.addAll(manifests.listingFaults());
    found.checkNames();
    manifests.ofKind("Deployment").forEach(found::checkDeployment);
    manifests.patches().forEach(found::checkEnvironment);
    found.checkSettings();
    found.checkScaling();
    return List.copyOf(found.faults);
  }

  private void checkNames() {
    Set<String> services = deploymentNames();
    require(
        services.equals(application.roles()),
        "deployments " + services + " are not the roles " + application.roles());
    for (String kind : List.of("Service", "PodDisruptionBudget")) {
      for (JsonNode object : manifests.ofKind(kind)) {
        String selected = object.at("/spec/selector").findPath(NAME_LABEL).asText();
        require(
            services.contains(selected) && selected.equals(name(object)),
            kind + " " + name(object) + " selects " + selected + ", which is no deployment");
      }
    }
    for (JsonNode policy : manifests.ofKind("NetworkPolicy")) {
      JsonNode selector = policy.at("/spec/podSelector");
      Set<String> selected = new TreeSet<>();
      selector.findValues("values").forEach(list -> list.forEach(v -> selected.add(v.asText())));
      selector.findValues(NAME_LABEL).forEach(value -> selected.add(value.asText()));
      require(
          services.containsAll(selected),
          "NetworkPolicy " + name(policy) + " selects " + selected + ", not all deployments");
      for (JsonNode port : elements(policy.at("/spec/ingress"), "ports")) {
        require(
            Set.of("web", "management").contains(port.path("port").asText()),
            "NetworkPolicy " + name(policy) + " names no port of a container: " + port);
      }
    }
  }

  private void checkDeployment(JsonNode deployment) {
    String name = name(deployment);
    JsonNode labels = deployment.at("/spec/template/metadata/labels");
    JsonNode selector = deployment.at("/spec/selector/matchLabels");
    require(
        name.equals(selector.path(NAME_LABEL).asText())
            && name.equals(labels.path(NAME_LABEL).asText()),
        "Deployment " + name + " does not select its own pods");
    JsonNode pod = deployment.at("/spec/template/spec");
    require(
        pod.path("containers").size() == 1, "Deployment " + name + " has not one container alone");
    JsonNode container = pod.at("/containers/0");
    checkPorts(name, container);
    checkEnvironment(deployment);
    checkProbes(name, container);
    checkRestrictions(name, pod, container);
    checkVolumes(name, pod, container);
    JsonNode roles = environment(container).get("DENSESTREAM_ROLES");
    require(
        roles != null && roles.path("value").asText().equals(name),
        "Deployment " + name + " does not run the role of its name");
  }

  private void checkPorts(String name, JsonNode container) {
    Map<String, Integer> expected =
        Map.of("web", application.webPort(), "management", application.managementPort());
    Map<String, Integer> ports =
        elements(container.path("ports"))
            .collect(
                Collectors.toMap(
                    port -> port.path("name").asText(),
                    port -> port.path("containerPort").asInt()));
    require(
        ports.equals(expected),
        "Deployment " + name + " has ports " + ports + ", the application " + expected);
    for (JsonNode service : manifests.ofKind("Service")) {
      for (JsonNode port : service.at("/spec/ports")) {
        require(
            ports.containsKey(port.path("targetPort").asText()),
            "Service " + name(service) + " targets no port: " + port.path("targetPort"));
      }
    }
  }

  private void checkProbes(String name, JsonNode container) {
    Map<String, String> expected =
        Map.of(
            "startupProbe", "/actuator/health/liveness",
            "livenessProbe", "/actuator/health/liveness",
            "readinessProbe", "/actuator/health/readiness");
    expected.forEach(
        (probe, path) -> {
          JsonNode get = container.path(probe).path("httpGet");
          require(
              get.path("path").asText().equals(path) && application.healthPaths().contains(path),
              "Deployment " + name + ": " + probe + " asks " + get.path("path"));
          require(
              get.path("port").asText().equals("management"),
              "Deployment " + name + ": " + probe + " asks port " + get.path("port"));
        });
  }

  private void checkRestrictions(String name, JsonNode pod, JsonNode container) {
    JsonNode own = container.path("securityContext");
    Map<String, Boolean> wanted =
        Map.of(
            "no service account token", isFalse(pod.path("automountServiceAccountToken")),
            "not root", pod.at("/securityContext/runAsNonRoot").asBoolean(),
            "seccomp",
                pod.at("/securityContext/seccompProfile/type").asText().equals("RuntimeDefault"),
            "read-only root", own.path("readOnlyRootFilesystem").asBoolean(),
            "no escalation", isFalse(own.path("allowPrivilegeEscalation")),
            "no capabilities", own.at("/capabilities/drop/0").asText().equals("ALL"),
            "memory limit", container.at("/resources/limits").has("memory"));
    wanted.forEach((what, held) -> require(held, "Deployment " + name + " lacks: " + what));
  }

  private void checkVolumes(String name, JsonNode pod, JsonNode container) {
    Set<String> volumes = names(pod.path("volumes"));
    Set<String> mounted = names(container.path("volumeMounts"));
    require(volumes.equals(mounted), name + " mounts " + mounted + " of volumes " + volumes);
    for (JsonNode volume : pod.path("volumes")) {
      require(
          !volume.has("emptyDir") || volume.at("/emptyDir").has("sizeLimit"),
          name + ": volume " + volume.path("name").asText() + " has no size limit");
      String secret = volume.at("/secret/secretName").asText();
      require(
          secret.isEmpty() || objectNames("Secret").contains(secret),
          name + ": there is no secret " + secret);
    }
    checkClaims(name, pod);
    for (JsonNode from : container.path("envFrom")) {
      String configMap = from.at("/configMapRef/name").asText();
      require(objectNames("ConfigMap").contains(configMap), "there is no config map " + configMap);
    }
  }

  /** What all pods of a deployment mount must be there, and can be mounted by all. */
  private void checkClaims(String name, JsonNode pod) {
    for (JsonNode volume : pod.path("volumes")) {
      String claim = volume.at("/persistentVolumeClaim/claimName").asText();
      if (!claim.isEmpty()) {
        require(
            manifests.ofKind("PersistentVolumeClaim").stream()
                .filter(object -> name(object).equals(claim))
                .anyMatch(
                    object -> object.at("/spec/accessModes/0").asText().equals("ReadWriteMany")),
            name + ": there is no claim " + claim + " for many");
      }
    }
  }

  private void checkEnvironment(JsonNode deployment) {
    environment(deployment.at("/spec/template/spec/containers/0")).keySet().stream()
        .filter(variable -> !application.isSetting(variable))
        .forEach(variable -> faults.add(variable + " is no setting of the application"));
  }

  private void checkSettings() {
    for (JsonNode configMap : manifests.ofKind("ConfigMap")) {
      configMap
          .path("data")
          .fieldNames()
          .forEachRemaining(
              variable ->
                  require(
                      application.isSetting(variable),
                      variable + " is no setting of the application"));
      require(
          setting("SERVER_PORT").equals(Integer.toString(application.webPort()))
              && setting("MANAGEMENT_SERVER_PORT")
                  .equals(Integer.toString(application.managementPort())),
          "the config map moves a port that the deployments name");
    }
    for (JsonNode secret : manifests.ofKind("Secret")) {
      secret
          .path("stringData")
          .forEach(file -> leaves("", StrictYaml.tree(file.asText()), this::checkPath));
    }
  }

  private void checkPath(String path, JsonNode value) {
    require(application.isPath(path), path + " is no setting of the application: " + value);
  }

  private void checkScaling() {
    for (JsonNode object : manifests.ofKind("ScaledObject")) {
      var scaled = StrictYaml.convert(object, StrictYaml.ScaledObject.class);
      require(
          scaled.spec().scaleTargetRef().name().equals("answer"), "KEDA scales another deployment");
      for (var trigger : scaled.spec().triggers()) {
        var lag = trigger.metadata();
        require(
            lag.topic().equals(TopicSettings.defaults().segments())
                && lag.topic().equals(setting("DENSESTREAM_KAFKA_TOPICS_SEGMENTS")),
            "KEDA watches topic " + lag.topic());
        require(
            lag.consumerGroup().equals(setting("DENSESTREAM_KAFKA_GROUPID")),
            "KEDA watches group " + lag.consumerGroup());
        require(
            lag.bootstrapServers().equals(setting("DENSESTREAM_KAFKA_BOOTSTRAPSERVERS")),
            "KEDA asks another Kafka: " + lag.bootstrapServers());
      }
    }
  }

  private String setting(String variable) {
    return manifests.ofKind("ConfigMap").getFirst().path("data").path(variable).asText();
  }

  private Set<String> deploymentNames() {
    return objectNames("Deployment");
  }

  private Set<String> objectNames(String kind) {
    return manifests.ofKind(kind).stream()
        .map(ManifestFaults::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  private void require(boolean holds, String fault) {
    if (!holds) {
      faults.add(fault);
    }
  }

  private static Map<String, JsonNode> environment(JsonNode container) {
    return elements(container.path("env"))
        .collect(Collectors.toMap(entry -> entry.path("name").asText(), entry -> entry));
  }

  private static Set<String> names(JsonNode list) {
    return elements(list).map(entry -> entry.path("name").asText()).collect(Collectors.toSet());
  }

  private static Stream<JsonNode> elements(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static List<JsonNode> elements(JsonNode outer, String inner) {
    return elements(outer).flatMap(element -> elements(element.path(inner))).toList();
  }

  private static boolean isFalse(JsonNode node) {
    return node.isBoolean() && !node.asBoolean();
  }

  private static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  private static void leaves(String path, JsonNode node, BiConsumer<String, JsonNode> leaf) {
    if (node.isObject() && !node.isEmpty()) {
      node.properties()
          .forEach(
              entry ->
                  leaves(
                      path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                      entry.getValue(),
                      leaf));
    } else {
      leaf.accept(path, node);
    }
  }
}
