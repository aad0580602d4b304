/** How long a window's answer takes on the model that comes along. */
@NullMarked
package dev.densestream.benchmarks.window;

import org.jspecify.annotations.NullMarked;
