/** Measurements. Never part of a test run; each class's Javadoc holds its command. */
@NullMarked
package dev.densestream.benchmarks;

import org.jspecify.annotations.NullMarked;
