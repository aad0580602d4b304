package dev.densestream.benchmarks.sidebyside;

/** What a candidate says about one test. */
record Figure(String test, String type, double value, String unit) {}
