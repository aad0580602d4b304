/** Breaks the rule of dependencies: must lie inside a module's packages to do so. */
@NullMarked
package dev.densestream.ingest.offending;

import org.jspecify.annotations.NullMarked;
