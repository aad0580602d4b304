package dev.densestream.answerservice.command;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A count that cannot be 0. */
final class AtLeastOne implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String value) {
    try {
      int count = Integer.parseInt(value);
      if (count >= 1) {
        return count;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new TypeConversionException("'" + value + "' is not a whole number from 1 on");
  }
}
