/** How far narrower weights lead a language model away from what it says in float32. */
@NullMarked
package dev.densestream.benchmarks.precision;

import org.jspecify.annotations.NullMarked;
