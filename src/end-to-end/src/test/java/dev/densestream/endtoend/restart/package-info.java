/** The service as its users run it, killed and restarted against a broker that lives on. */
@NullMarked
package dev.densestream.endtoend.restart;

import org.jspecify.annotations.NullMarked;
