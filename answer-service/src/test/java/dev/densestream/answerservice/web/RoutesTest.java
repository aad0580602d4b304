package dev.densestream.answerservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.ingest.TopicCluster;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

@ExtendWith(WebServer.Shared.class)
final class RoutesTest {
  @Test
  void everyRouteIsInTheOpenApiFile_andNoOther(WebServer server) throws Exception {
    Set<String> described = new TreeSet<>();
    JsonNode openApi = WebServer.json(server.get("/openapi.json"));
    openApi
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .propertyNames()
                    .forEach(
                        method ->
                            described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    assertThat(described).isEqualTo(routes(server)).hasSizeGreaterThan(15);
  }

  @Test
  void everyReferenceInTheOpenApiFileLeadsSomewhere(WebServer server) throws Exception {
    JsonNode openApi = WebServer.json(server.get("/openapi.json"));
    List<String> references = openApi.findValuesAsString("$ref");
    assertThat(references).hasSizeGreaterThan(20);
    for (String reference : Set.copyOf(references)) {
      if (reference.startsWith("#")) {
        assertThat(openApi.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
      } else {
        assertThat(server.get(reference).statusCode()).as(reference).isEqualTo(200);
      }
    }
  }

  @Test
  void openApiNamesAllFieldsOfAClipAndOfAChat(WebServer server) throws Exception {
    JsonNode openApi = WebServer.json(server.get("/openapi.json"));
    JsonNode take = openApi.path("paths").path("/api/clips").path("post");
    Set<String> asked = new TreeSet<>();
    take.path("parameters").forEach(one -> asked.add(one.path("name").asString()));
    assertThat(asked).isEqualTo(new TreeSet<>(ClipWish.FIELDS));
    JsonNode bodies = take.path("requestBody").path("content");
    asked.add("file");
    assertThat(properties(bodies.path("multipart/form-data").path("schema"))).isEqualTo(asked);
    asked.remove("file");
    asked.add("url");
    assertThat(properties(bodies.path("application/json").path("schema"))).isEqualTo(asked);

    JsonNode schemas = openApi.at("/components/schemas");
    assertThat(properties(schemas.path("ChatRequest")))
        .contains("max_completion_tokens", "mm_processor_kwargs", "media_io_kwargs");
    Set<String> parts = new TreeSet<>();
    schemas
        .at("/ChatPart/oneOf")
        .forEach(part -> parts.add(part.at("/properties/type/const").asString()));
    assertThat(parts).containsExactly("image_url", "input_video", "text", "video_url");
  }

  private static Set<String> properties(JsonNode schema) {
    return new TreeSet<>(schema.path("properties").propertyNames());
  }

  @Test
  void asyncApiNamesTheTopicsThatAreCreated_withTheirPartitions(WebServer server) throws Exception {
    HttpResponse<String> file = server.get("/asyncapi.yaml");
    JsonNode asyncApi = WebServer.JSON.valueToTree(new Yaml().load(file.body()));
    TopicCluster cluster = server.bean(TopicCluster.class);
    var topics = cluster.topics();
    Set<String> described = new TreeSet<>();
    for (JsonNode channel : asyncApi.path("channels")) {
      String topic = channel.path("address").asString();
      described.add(topic);
      int partitions = channel.path("bindings").path("kafka").path("partitions").asInt();
      assertThat(cluster.partitions(topic).block()).as(topic).hasSize(partitions);
    }
    assertThat(described)
        .containsExactlyInAnyOrder(
            topics.segments(),
            topics.streams(),
            topics.questions(),
            topics.clips(),
            topics.answers(),
            topics.deadLetters(),
            topics.progress(),
            topics.clipOutcomes());
    for (String reference : asyncApi.findValuesAsString("$ref")) {
      if (reference.startsWith("#")) {
        assertThat(asyncApi.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
      } else {
        assertThat(server.get(reference).statusCode()).as(reference).isEqualTo(200);
      }
    }
  }

  @Test
  void thePageComesWithHeadersThatKeepOthersOut(WebServer server) throws Exception {
    for (String path : List.of("/", "/page.js", "/page.css", "/api/streams")) {
      HttpResponse<String> response = server.get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
          .startsWith("default-src 'none'")
          .doesNotContain("unsafe");
      assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(response.headers().map()).doesNotContainKey("access-control-allow-origin");
    }
    assertThat(server.get("/").body())
        .contains("<title>DenseStream</title>")
        .doesNotContain("http://", "https://fonts", "style=", "onclick");
    assertThat(server.get("/page.js").body())
        .doesNotContain("innerHTML", "insertAdjacentHTML", "eval(");
  }

  static Set<String> routes(WebServer server) {
    Set<String> routes = new TreeSet<>();
    server
        .bean(RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .forEach(
            (mapping, _) ->
                mapping
                    .getMethodsCondition()
                    .getMethods()
                    .forEach(
                        method ->
                            mapping
                                .getPatternsCondition()
                                .getPatterns()
                                .forEach(pattern -> routes.add(method + " " + pattern))));
    return routes;
  }
}
