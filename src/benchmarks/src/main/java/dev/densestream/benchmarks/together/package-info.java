/** What encoder and language model cost each other. */
@NullMarked
package dev.densestream.benchmarks.together;

import org.jspecify.annotations.NullMarked;
