package dev.densestream.benchmarks.sidebyside;

/**
 * One figure.
 *
 * @param round in which everything is measured once, from 0
 * @param test such as {@code prefill 512}
 * @param ours whether DenseStream was measured, not llama.cpp
 * @param type of the weights, and what else sets this candidate apart
 * @param unit of the value; {@code s} is better when less, everything else when more
 * @param load the machine's load average over one minute, before the measurement
 */
record Sample(
    int round, String test, boolean ours, String type, double value, String unit, double load) {}
