package dev.densestream.answerservice.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.answerservice.format.FormatException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonGrammarTest {
  private static boolean takes(String schema, String text) {
    Readings readings = new Readings(JsonGrammar.of(schema.replace('\'', '"')));
    Reading at = readings.start();
    for (byte value : text.replace('\'', '"').getBytes(UTF_8)) {
      at = readings.next(at, value & 0xFF);
    }
    return at.whole;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'integer'}|-12|1.5",
        "{'type':'integer'}|0|01",
        "{'type':'number'}|1.5e-3|1.",
        "{'type':['string','null']}|null|1",
        "{'enum':['a','ab',{'a':[1]}]}|{'a':[1]}|'b'",
        "{'type':'integer','enum':['a',3]}|3|'a'",
        "{'const':'ä'}|'ä'|'a'",
        "{'type':'array','items':{'type':'integer'},'minItems':1,'maxItems':2}|[1, 2]|[1,2,3]",
        "{'type':'array','minItems':1}|[null]|[]",
        "{'type':'array','maxItems':0}|[]|[1]",
        "{'properties':{'a':{'type':'null'},'b':true},'required':['b']}|{'b':{}}|{'a':null}",
        "{'properties':{'a':{'type':'null'},'b':true},'required':['b']}|{'a':null,'b':1}|{'b':1,'a':null}",
        "{'type':'object','properties':{},'additionalProperties':false}|{}|{'a':1}",
        "{'type':'object','additionalProperties':{'type':'integer'}}|{'x':1,'y':2}|{'x':'1'}",
        "{'type':'object'}|{'a':[true,{'b':null}]}|[1]",
        "{}|[{}]|nul",
        "{'$ref':'#/$defs/a~1b','$defs':{'a/b':{'const':1}}}|1|2",
        "{'anyOf':[{'type':'null'},{'type':'array','items':{'$ref':'#'}}]}|[[null],[]]|[1]",
      })
  void takesWhatFits_andNothingElse(String schema, String fits, String other) {
    assertThat(takes(schema, fits)).as(fits).isTrue();
    assertThat(takes(schema, other)).as(other).isFalse();
  }

  @Test
  void takesWholeCharactersOnly() {
    byte[] half = {'"', (byte) 0xC3, '"'};
    byte[] surrogate = {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'};
    byte[] overlong = {'"', (byte) 0xC0, (byte) 0x80, '"'};
    byte[] beyond = {'"', (byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80, '"'};
    byte[] whole = "\"größe 日本 🚗 \\u00e9\"".getBytes(UTF_8);
    Readings readings = new Readings(JsonGrammar.of("{\"type\":\"string\"}"));
    assertThat(read(readings, whole).whole).isTrue();
    for (byte[] broken : new byte[][] {half, surrogate, overlong, beyond}) {
      assertThat(read(readings, broken).isDead()).isTrue();
    }
    assertThat(read(readings, "\"\\ud83d\"".getBytes(UTF_8)).isDead()).isTrue();
    assertThat(read(readings, "\"a\nb\"".getBytes(UTF_8)).isDead()).isTrue();
  }

  private static Reading read(Readings readings, byte[] text) {
    Reading at = readings.start();
    for (byte value : text) {
      at = readings.next(at, value & 0xFF);
    }
    return at;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "minimum",
        "maximum",
        "multipleOf",
        "oneOf",
        "allOf",
        "not",
        "if",
        "uniqueItems",
        "contains",
        "prefixItems",
        "patternProperties",
        "minProperties",
        "dependentRequired",
        "somethingNew"
      })
  void refusesByName_whatItDoesNotUnderstand(String keyword) {
    assertThatThrownBy(() -> JsonGrammar.of("{\"type\":\"string\",\"" + keyword + "\":1}"))
        .isInstanceOfSatisfying(
            FormatException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(Code.UNSUPPORTED_SCHEMA);
              assertThat(refused).hasMessageContaining(keyword);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|INVALID_SCHEMA",
        "{|INVALID_SCHEMA",
        "false|INVALID_SCHEMA",
        "{'type':'text'}|INVALID_SCHEMA",
        "{'type':[]}|INVALID_SCHEMA",
        "{'enum':[]}|INVALID_SCHEMA",
        "{'type':'string','enum':[1]}|INVALID_SCHEMA",
        "{'type':'array','minItems':3,'maxItems':2}|INVALID_SCHEMA",
        "{'$ref':'#/$defs/none'}|INVALID_SCHEMA",
        "{'$ref':'http://a/b'}|UNSUPPORTED_SCHEMA",
        "{'$ref':'#'}|UNSUPPORTED_SCHEMA",
        "{'anyOf':[{'$ref':'#'},{'type':'null'}]}|UNSUPPORTED_SCHEMA",
        "{'properties':{'a':{'$ref':'#'}},'required':['a']}|UNSUPPORTED_SCHEMA",
        "{'type':'object','required':['a']}|UNSUPPORTED_SCHEMA",
        "{'properties':{'a':true},'additionalProperties':true}|UNSUPPORTED_SCHEMA",
        "{'type':'array','maxItems':100000}|SCHEMA_TOO_LARGE",
      })
  void refusesWithACode(String schema, Code code) {
    assertThatThrownBy(() -> JsonGrammar.of(schema.replace('\'', '"')))
        .isInstanceOfSatisfying(
            FormatException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  @Test
  void boundsSizeAndDepth() {
    String deep = "{\"type\":\"array\",\"items\":".repeat(40) + "true" + "}".repeat(40);
    String big =
        "{\"type\":\"array\",\"minItems\":1024,\"items\":".repeat(30) + "true" + "}".repeat(30);
    String wide = "{\"const\":\"" + "a".repeat(60_000) + "\"}";
    String tooLong = "{\"const\":\"" + "a".repeat(70_000) + "\"}";
    for (String schema : new String[] {deep, big, wide, tooLong}) {
      assertThatThrownBy(() -> JsonGrammar.of(schema))
          .isInstanceOfSatisfying(
              FormatException.class,
              refused -> assertThat(refused.code()).isEqualTo(Code.SCHEMA_TOO_LARGE));
    }
  }

  /** No input makes a call as deep as it likes: these would overflow the stack. */
  @Test
  void readsLongChains_withoutDeepCalls() {
    StringBuilder chain = new StringBuilder("{\"$ref\":\"#/$defs/a0\",\"$defs\":{");
    for (int i = 0; i < 900; i++) {
      chain.append("\"a%d\":{\"$ref\":\"#/$defs/a%d\"},".formatted(i, i + 1));
    }
    String end = "\"a900\":{\"type\":\"null\"}}}";
    assertThatThrownBy(() -> JsonGrammar.of(chain + end))
        .isInstanceOfSatisfying(
            FormatException.class,
            refused -> assertThat(refused.code()).isEqualTo(Code.SCHEMA_TOO_LARGE));

    StringBuilder wide = new StringBuilder("{\"properties\":{");
    for (int i = 0; i < 2500; i++) {
      wide.append("\"k%d\":true,".formatted(i));
    }
    assertThat(takes(wide + "\"last\":{\"type\":\"null\"}}}", "{\"last\":null}")).isTrue();
  }

  /** Arrays that are one of so many kinds of arrays of themselves: each bracket multiplies. */
  private static String kinds(int count) {
    StringBuilder kinds = new StringBuilder("{'anyOf':[{'type':'integer'}");
    StringBuilder definitions = new StringBuilder();
    for (int i = 0; i < count; i++) {
      kinds.append(",{'$ref':'#/$defs/a%d'}".formatted(i));
      definitions.append(
          (i == 0 ? "" : ",") + "'a%d':{'type':'array','items':{'$ref':'#'}}".formatted(i));
    }
    return (kinds + "],'$defs':{" + definitions + "}}").replace('\'', '"');
  }

  @Test
  void refusesASchema_whoseFirstBytesLeaveTooManyWaysOpen() {
    assertThatThrownBy(() -> JsonGrammar.of(kinds(40)))
        .isInstanceOfSatisfying(
            FormatException.class,
            refused -> assertThat(refused.code()).isEqualTo(Code.SCHEMA_TOO_LARGE));
    // The control: one kind is read as deep as any array.
    assertThat(takes(kinds(1), "[[[[1]]]]")).isTrue();
  }

  /** What a schema's first bytes do not show yet: answers stay where all ways can be followed. */
  @Test
  void readsNoFurther_whereTooManyWaysWouldBeOpen() {
    Readings some = new Readings(JsonGrammar.of(kinds(3)));
    assertThat(read(some, "[[[[1]]]]".getBytes(UTF_8)).whole).isTrue();
    Reading at = some.start();
    int most = 0;
    for (int depth = 0; depth < 12; depth++) {
      at = some.next(at, '[');
      most = Math.max(most, at.places.size());
    }
    assertThat(at.isDead()).isTrue();
    assertThat(most).isBetween(1000, 20_000);
    Readings one = new Readings(JsonGrammar.of(kinds(1)));
    assertThat(read(one, "[".repeat(12).getBytes(UTF_8)).isDead()).isFalse();
  }

  @Test
  void keepsAnswersShallow() {
    Readings readings = new Readings(JsonGrammar.of("{}"));
    assertThat(read(readings, "[".repeat(30).getBytes(UTF_8)).isDead()).isFalse();
    assertThat(read(readings, "[".repeat(500).getBytes(UTF_8)).isDead()).isTrue();
  }
}
