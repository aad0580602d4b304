package dev.densestream.answerservice.language.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CurvesTest {
  private static final int LANES = StoredRows.LANES;

  private final Random random = new Random(5);

  private float[] numbers(int count, double scale) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (scale * random.nextGaussian());
    }
    return numbers;
  }

  @Test
  void givePowersOfE_overTheirWholeRange() {
    float[] results = new float[LANES];
    for (float first = -86; first < 87; first += 0.37f) {
      float[] x = new float[LANES];
      for (int i = 0; i < LANES; i++) {
        x[i] = first + i * 0.02f;
      }
      Curves.exp(FloatVector.fromArray(StoredRows.FLOATS, x, 0)).intoArray(results, 0);
      for (int i = 0; i < LANES; i++) {
        double exact = Math.exp(x[i]);
        assertThat(results[i] / exact).as("e to the power of " + x[i]).isCloseTo(1, within(3e-7));
      }
    }
    Curves.exp(FloatVector.broadcast(StoredRows.FLOATS, -1e9f)).intoArray(results, 0);
    assertThat(results[0]).isBetween(0f, 1e-37f);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 16, 37, 200})
  void makeSharesOfScores(int count) {
    float[] x = numbers(count + 2, 5);
    float[] shares = x.clone();

    Curves.softmax(shares, 1, count);

    double sum = 0;
    for (int i = 1; i <= count; i++) {
      sum += Math.exp(x[i]);
    }
    for (int i = 1; i <= count; i++) {
      assertThat((double) shares[i]).isCloseTo(Math.exp(x[i]) / sum, within(1e-6));
    }
    assertThat(shares[0]).isEqualTo(x[0]);
    assertThat(shares[count + 1]).isEqualTo(x[count + 1]);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 16, 53})
  void gate(int count) {
    float[] gate = numbers(count, 4);
    float[] up = numbers(count, 1);
    float[] gated = gate.clone();
    float[] gelu = gate.clone();

    Curves.swiglu(gated, 0, up, 0, count);
    Curves.gelu(gelu, 0, count);

    for (int i = 0; i < count; i++) {
      double g = gate[i];
      double tanh = Math.tanh(Math.sqrt(2 / Math.PI) * (g + 0.044715 * g * g * g));
      assertThat((double) gated[i]).isCloseTo(g / (1 + Math.exp(-g)) * up[i], within(1e-5));
      assertThat((double) gelu[i]).isCloseTo(g * (1 + tanh) / 2, within(1e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 33, 192})
  void addProducts(int count) {
    float[] a = numbers(count, 1);
    float[] b = numbers(count, 1);
    float[] added = b.clone();

    Curves.add(a, 0, 0.5f, added, 0, count);

    double dot = 0;
    for (int i = 0; i < count; i++) {
      dot += (double) a[i] * b[i];
      assertThat(added[i]).isCloseTo(b[i] + a[i] / 2, within(1e-6f));
    }
    assertThat((double) Curves.dot(a, 0, b, 0, count)).isCloseTo(dot, within(1e-4));
  }

  /** To the last bit. */
  @Test
  void addLanesOfFour_asTheyAddThoseOfOne() {
    float[] lanes = numbers(8 * LANES, 3);
    float[] sums = new float[8];

    Curves.sums(lanes.clone(), 0, sums, 0);
    Curves.sums(lanes.clone(), 4 * LANES, sums, 4);

    for (int i = 0; i < 8; i++) {
      double exact = 0;
      for (int lane = 0; lane < LANES; lane++) {
        exact += lanes[i * LANES + lane];
      }
      assertThat(sums[i])
          .isEqualTo(Curves.sum(FloatVector.fromArray(StoredRows.FLOATS, lanes, i * LANES)));
      assertThat((double) sums[i]).isCloseTo(exact, within(1e-4));
    }
  }
}
