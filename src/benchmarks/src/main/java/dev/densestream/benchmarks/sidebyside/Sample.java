package dev.densestream.benchmarks.sidebyside;

/**
 * One figure.
 *
 * @param round in which everything is measured once, from 0
 * @param test such as {@code prefill 512}
 * @param ours whether DenseStream was measured, not llama.cpp
 * @param type of the weights, and what else sets this candidate apart
 * @param unit of the value; {@code s} is better when less, everything else when more
 * @param others cores that other work kept busy meanwhile, see {@link OthersWork}
 */
record Sample(
    int round, String test, boolean ours, String type, double value, String unit, double others) {
  static Sample of(int round, Candidate candidate, Figure figure, double others) {
    return new Sample(
        round,
        figure.test(),
        candidate.ours(),
        figure.type(),
        figure.value(),
        figure.unit(),
        others);
  }
}
