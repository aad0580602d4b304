package dev.densestream.answerservice.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.densestream.answerservice.format.Rules.Rule;
import dev.densestream.answerservice.format.Rules.State;

/**
 * The rules of JSON itself (RFC 8259) that every schema uses. Narrower than JSON where that keeps
 * answers finite or readable by everybody: blanks are at most one space, or a new line and 16
 * spaces; whole numbers have at most 18 digits, fractions 18 more, exponents 2; an escaped
 * character is never half of a surrogate pair.
 */
final class JsonParts {
  private static final int INDENT = 16;
  private static final int DIGITS = 18;

  private final Rules rules;
  final Rule blank;
  final Rule string;
  final Rule integer;
  final Rule number;
  final Rule any;
  final Rule anyObject;
  final Rule anyArray;

  JsonParts(Rules rules) {
    this.rules = rules;
    blank = blank();
    string = string();
    integer = number(false);
    number = number(true);
    any = rules.rule();
    anyObject = rules.rule();
    anyArray = rules.rule();
    map(anyObject.start(), any, anyObject.end());
    list(anyArray.start(), any, 0, Integer.MAX_VALUE, anyArray.end());
    fillAny();
  }

  private void fillAny() {
    for (Rule rule : new Rule[] {anyObject, anyArray, string, number}) {
      rules.call(any.start(), rule, any.end());
    }
    for (String word : new String[] {"true", "false", "null"}) {
      word(any.start(), word, any.end());
    }
  }

  /** ASCII letters. */
  void word(State from, String word, State to) {
    rules.literal(from, word.getBytes(US_ASCII), to);
  }

  private Rule blank() {
    Rule rule = rules.rule();
    rules.skip(rule.start(), rule.end());
    rules.take(rule.start(), ' ', rule.end());
    State at = rules.after(rule.start(), '\n');
    for (int i = 0; i < INDENT; i++) {
      rules.skip(at, rule.end());
      at = rules.after(at, ' ');
    }
    rules.skip(at, rule.end());
    return rule;
  }

  private Rule string() {
    Rule rule = rules.rule();
    State in = rules.after(rule.start(), '"');
    rules.take(in, '"', rule.end());
    rules.take(in, 0x20, 0x21, in);
    rules.take(in, 0x23, 0x5B, in);
    rules.take(in, 0x5D, 0x7F, in);
    wide(in);
    escaped(in);
    return rule;
  }

  /** UTF-8 of more than one byte, as Unicode's table 3-7 has it. */
  private void wide(State in) {
    State one = rules.state();
    State two = rules.state();
    State three = rules.state();
    rules.take(one, 0x80, 0xBF, in);
    rules.take(two, 0x80, 0xBF, one);
    rules.take(three, 0x80, 0xBF, two);
    rules.take(in, 0xC2, 0xDF, one);
    rules.take(in, 0xE1, 0xEC, two);
    rules.take(in, 0xEE, 0xEF, two);
    rules.take(in, 0xF1, 0xF3, three);
    led(in, 0xE0, 0xA0, 0xBF, one);
    led(in, 0xED, 0x80, 0x9F, one);
    led(in, 0xF0, 0x90, 0xBF, two);
    led(in, 0xF4, 0x80, 0x8F, two);
  }

  private void led(State in, int lead, int low, int high, State rest) {
    State next = rules.state();
    rules.take(in, lead, lead, next);
    rules.take(next, low, high, rest);
  }

  private void escaped(State in) {
    State escape = rules.after(in, '\\');
    rules.takeAny(escape, "\"\\/bfnrt", in);
    State first = rules.after(escape, 'u');
    State second = rules.state();
    State afterD = rules.state();
    State third = rules.state();
    State fourth = rules.state();
    rules.takeAny(first, "0123456789abcefABCEF", second);
    rules.takeAny(first, "dD", afterD);
    hex(second, third);
    rules.take(afterD, '0', '7', third);
    hex(third, fourth);
    hex(fourth, in);
  }

  private void hex(State from, State to) {
    rules.take(from, '0', '9', to);
    rules.take(from, 'a', 'f', to);
    rules.take(from, 'A', 'F', to);
  }

  private Rule number(boolean fraction) {
    Rule rule = rules.rule();
    State whole = rules.state();
    rules.skip(rule.start(), whole);
    rules.take(rule.start(), '-', whole);
    State end = fraction ? rules.state() : rule.end();
    rules.take(whole, '0', end);
    State digit = rules.state();
    rules.take(whole, '1', '9', digit);
    digits(digit, DIGITS - 1, end);
    if (fraction) {
      fraction(end, rule.end());
    }
    return rule;
  }

  private void fraction(State from, State to) {
    State exponent = rules.state();
    rules.skip(from, exponent);
    State point = rules.after(from, '.');
    State digit = rules.state();
    rules.take(point, '0', '9', digit);
    digits(digit, DIGITS - 1, exponent);
    rules.skip(exponent, to);
    State letter = rules.state();
    rules.takeAny(exponent, "eE", letter);
    State sign = rules.state();
    rules.skip(letter, sign);
    rules.takeAny(letter, "+-", sign);
    State last = rules.state();
    rules.take(sign, '0', '9', last);
    digits(last, 1, to);
  }

  /** At most so many digits more. */
  private void digits(State from, int most, State to) {
    State at = from;
    for (int i = 0; i < most; i++) {
      rules.skip(at, to);
      State next = rules.state();
      rules.take(at, '0', '9', next);
      at = next;
    }
    rules.skip(at, to);
  }

  /** An object of any keys. */
  void map(State from, Rule value, State to) {
    State open = rules.after(rules.after(from, '{'), blank);
    rules.take(open, '}', to);
    State item = rules.state();
    rules.skip(open, item);
    State valued = rules.after(keyed(rules.after(item, string)), value);
    rules.call(rules.after(valued, ','), blank, item);
    rules.take(rules.after(valued, blank), '}', to);
  }

  /** What follows a key. */
  State keyed(State key) {
    return rules.after(rules.after(key, ':'), blank);
  }

  /** An array of so many values. */
  void list(State from, Rule value, int least, int most, State to) {
    State open = rules.after(rules.after(from, '['), blank);
    if (least == 0) {
      rules.take(open, ']', to);
    }
    if (most == 0) {
      return;
    }
    State at = rules.after(open, value);
    int counted = most == Integer.MAX_VALUE ? Math.max(1, least) : most;
    for (int count = 1; count < counted; count++) {
      if (count >= least) {
        close(at, to);
      }
      at = rules.after(rules.after(rules.after(at, ','), blank), value);
    }
    close(at, to);
    if (most == Integer.MAX_VALUE) {
      State more = rules.after(rules.after(at, ','), blank);
      rules.call(more, value, at);
    }
  }

  private void close(State at, State to) {
    rules.take(rules.after(at, blank), ']', to);
  }
}
