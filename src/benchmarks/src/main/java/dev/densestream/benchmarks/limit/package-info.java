/** What a device gives at most, at the same time as what is made of it. */
@NullMarked
package dev.densestream.benchmarks.limit;

import org.jspecify.annotations.NullMarked;
