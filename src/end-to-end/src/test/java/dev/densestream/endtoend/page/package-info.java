/** The page in a real browser, against the real jar. */
@NullMarked
package dev.densestream.endtoend.page;

import org.jspecify.annotations.NullMarked;
