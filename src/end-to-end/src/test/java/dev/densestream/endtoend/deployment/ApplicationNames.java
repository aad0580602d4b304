package dev.densestream.endtoend.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.densestream.answerservice.DenseStreamProperties;
import dev.densestream.answerservice.Role;
import dev.densestream.answerservice.web.AccessSettings;
import dev.densestream.answerservice.web.WebSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** The names the application itself goes by: its settings, ports, health groups, roles. */
final class ApplicationNames {
  private final JsonNode yaml;
  private final Set<String> settings = new TreeSet<>();
  private final Set<String> openMaps = new TreeSet<>();

  ApplicationNames() {
    try (var in = DenseStreamProperties.class.getResourceAsStream("/application.yaml")) {
      if (in == null) {
        throw new IllegalStateException("application.yaml is not on the class path");
      }
      yaml = StrictYaml.tree(new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (Class<?> type :
        List.of(DenseStreamProperties.class, AccessSettings.class, WebSettings.class)) {
      collect(type.getAnnotation(ConfigurationProperties.class).value(), type);
    }
  }

  /** Whether the application reads this environment variable. */
  boolean isSetting(String variable) {
    boolean own = settings.stream().anyMatch(setting -> variable.equals(variable(setting)));
    return own
        || variable.equals("SPRING_CONFIG_ADDITIONALLOCATION")
        || listens(variable, "", yaml)
        || listens(variable, "MANAGEMENT_", yaml.path("management"));
  }

  private static boolean listens(String variable, String prefix, JsonNode yaml) {
    return Set.of(prefix + "SERVER_ADDRESS", prefix + "SERVER_PORT").contains(variable)
        && yaml.at("/server/address").isTextual()
        && yaml.at("/server/port").isInt();
  }

  /** Whether a path of a YAML file, such as {@code densestream.kafka.client}, is a setting. */
  boolean isPath(String path) {
    String canonical = path.replace("-", "").toLowerCase(Locale.ROOT);
    return settings.contains(canonical)
        || openMaps.stream().anyMatch(map -> canonical.startsWith(map + "."));
  }

  int webPort() {
    return yaml.at("/server/port").asInt();
  }

  int managementPort() {
    return yaml.at("/management/server/port").asInt();
  }

  Set<String> healthPaths() {
    Set<String> paths = new TreeSet<>();
    yaml.at("/management/endpoint/health/group")
        .fieldNames()
        .forEachRemaining(group -> paths.add("/actuator/health/" + group));
    return paths;
  }

  Set<String> roles() {
    return Arrays.stream(Role.values())
        .map(role -> role.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  private void collect(String prefix, Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      String path = prefix + "." + component.getName().toLowerCase(Locale.ROOT);
      if (component.getType().isRecord()) {
        collect(path, component.getType());
      } else {
        settings.add(path);
      }
      if (component.getType() == Map.class) {
        openMaps.add(path);
      }
    }
  }

  private static String variable(String setting) {
    return setting.replace('.', '_').toUpperCase(Locale.ROOT);
  }
}
