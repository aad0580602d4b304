package dev.densestream.answerservice.language.vector;

/** A weight {@code [out, in]} of a linear layer. */
interface WeightMatrix {
  int out();

  int in();

  /**
   * Products of some of its rows with inputs. What an input gives does not depend on the others.
   *
   * @param x at least {@code count} inputs, taken in the form that this wants
   * @param y gets the products, {@code [count, stride]}, those of row 0 from {@code at} on
   * @param from the first row, a multiple of {@link FourBitMatrix#ROWS}
   */
  void multiply(Inputs x, int count, float[] y, int stride, int at, int from, int to);
}
