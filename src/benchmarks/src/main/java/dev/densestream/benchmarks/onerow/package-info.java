/** What one row times weights costs when the weights come from memory: the limit of decoding. */
@NullMarked
package dev.densestream.benchmarks.onerow;

import org.jspecify.annotations.NullMarked;
