/**
 * Tests of the whole system: the real jar, a real broker, a real browser; and the rules the source
 * tree keeps.
 */
@NullMarked
package dev.densestream.endtoend;

import org.jspecify.annotations.NullMarked;
