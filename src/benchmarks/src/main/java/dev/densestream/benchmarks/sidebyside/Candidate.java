package dev.densestream.benchmarks.sidebyside;

import java.io.IOException;
import java.util.List;

/** One program in one setting, measured once in each round. */
interface Candidate {
  String name();

  boolean ours();

  /** Runs it; nothing of it is left running afterwards. */
  List<Figure> measure(int round) throws IOException, InterruptedException;
}
