/** Small classes that break one rule each, so that the rules are seen to fail. */
@NullMarked
package dev.densestream.endtoend.architecture.offending;

import org.jspecify.annotations.NullMarked;
