/** The built jar is fed with what is no video, or no video it accepts. */
@NullMarked
package dev.densestream.endtoend.badinput;

import org.jspecify.annotations.NullMarked;
