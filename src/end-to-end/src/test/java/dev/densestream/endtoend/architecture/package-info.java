/** The rules of the house that a compiler does not know, each with a control that breaks it. */
@NullMarked
package dev.densestream.endtoend.architecture;

import org.jspecify.annotations.NullMarked;
