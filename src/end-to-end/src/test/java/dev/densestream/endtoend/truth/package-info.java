/** What the application says is compared with what was filmed. */
@NullMarked
package dev.densestream.endtoend.truth;

import org.jspecify.annotations.NullMarked;
