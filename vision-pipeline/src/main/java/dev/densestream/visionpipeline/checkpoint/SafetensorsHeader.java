package dev.densestream.visionpipeline.checkpoint;

import dev.densestream.visionpipeline.CheckpointException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON in front of the elements, read token by token and believed only after every byte of the
 * file is accounted for: no gaps, no overlaps, nothing beyond the end.
 */
final class SafetensorsHeader {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final int MOST_DIMENSIONS = 16;

  /** Many times what the largest model has: a header that lists more is no model's. */
  private static final int MOST_TENSORS = 200_000;

  private final String file;

  private SafetensorsHeader(String file) {
    this.file = file;
  }

  /**
   * @param file its name, for messages
   * @param bytes bytes of elements that follow the header
   */
  static SortedMap<String, StoredTensor> parse(String file, byte[] header, long bytes) {
    SafetensorsHeader reader = new SafetensorsHeader(file);
    SortedMap<String, StoredTensor> tensors = reader.read(header);
    reader.requireEveryByteOnce(tensors, bytes);
    return tensors;
  }

  private SortedMap<String, StoredTensor> read(byte[] header) {
    SortedMap<String, StoredTensor> tensors = new TreeMap<>();
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), header)) {
      require(json.nextToken() == JsonToken.START_OBJECT, "header must be a JSON object");
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = json.currentName();
        json.nextToken();
        if (key.equals("__metadata__")) {
          json.skipChildren();
        } else {
          tensors.put(key, entry(key, json));
          require(tensors.size() <= MOST_TENSORS, "has more than " + MOST_TENSORS + " tensors");
        }
      }
      require(json.nextToken() == null, "header must end after its JSON object");
    } catch (JacksonException e) {
      throw new CheckpointException(file + ": header is not valid JSON", e);
    }
    return tensors;
  }

  private StoredTensor entry(String key, JsonParser json) {
    require(json.currentToken() == JsonToken.START_OBJECT, key, "must be an object");
    @Nullable StoredType type = null;
    @Nullable List<Long> shape = null;
    @Nullable List<Long> offsets = null;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "dtype" -> type = type(key, json);
        case "shape" -> shape = numbers(key, field, json, MOST_DIMENSIONS);
        case "data_offsets" -> offsets = numbers(key, field, json, 2);
        default -> throw wrong(key, "has unknown field " + Shown.text(field));
      }
    }
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw wrong(key, "must have dtype, shape and two data_offsets");
    }
    return StoredTensor.dense(key, type, shape, offsets.get(0), offsets.get(1));
  }

  private StoredType type(String key, JsonParser json) {
    Optional<StoredType> type =
        json.currentToken() == JsonToken.VALUE_STRING
            ? StoredType.named(json.getString())
            : Optional.empty();
    return type.orElseThrow(
        () -> wrong(key, "has dtype " + Shown.text(json.getString()) + ", not supported"));
  }

  private List<Long> numbers(String key, String field, JsonParser json, int most) {
    require(json.currentToken() == JsonToken.START_ARRAY, key, field + " must be an array");
    List<Long> numbers = new ArrayList<>();
    while (json.nextToken() == JsonToken.VALUE_NUMBER_INT && numbers.size() < most) {
      JsonParser.NumberType size = json.getNumberType();
      require(size != JsonParser.NumberType.BIG_INTEGER, key, field + " is out of range");
      long number = json.getLongValue();
      require(number >= 0, key, field + " must not be negative: was " + number);
      numbers.add(number);
    }
    require(
        json.currentToken() == JsonToken.END_ARRAY,
        key,
        field + " must hold at most " + most + " whole numbers");
    return numbers;
  }

  private void requireEveryByteOnce(SortedMap<String, StoredTensor> tensors, long bytes) {
    List<StoredTensor> inOrder = new ArrayList<>(tensors.values());
    inOrder.sort(
        Comparator.comparingLong(StoredTensor::begin).thenComparingLong(StoredTensor::end));
    long expected = 0;
    for (StoredTensor tensor : inOrder) {
      String key = tensor.key();
      require(
          tensor.end() <= bytes,
          key,
          "ends beyond the file, at byte " + tensor.end() + ": is the download complete?");
      require(tensor.begin() <= tensor.end(), key, "ends before it begins");
      require(tensor.begin() >= expected, key, "overlaps the tensor before it");
      require(tensor.begin() == expected, key, "leaves a gap before it");
      require(
          tensor.elements() >= 0
              && tensor.elements() * tensor.type().bytes() == tensor.end() - tensor.begin(),
          key,
          "has shape "
              + tensor.shape()
              + " but "
              + (tensor.end() - tensor.begin())
              + " bytes of "
              + tensor.type());
      expected = tensor.end();
    }
    require(expected == bytes, "has " + (bytes - expected) + " bytes that belong to no tensor");
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw new CheckpointException(file + ": " + message);
    }
  }

  private void require(boolean holds, String key, String message) {
    if (!holds) {
      throw wrong(key, message);
    }
  }

  private CheckpointException wrong(String key, String message) {
    return new CheckpointException(file + ": tensor " + Shown.text(key) + " " + message);
  }
}
