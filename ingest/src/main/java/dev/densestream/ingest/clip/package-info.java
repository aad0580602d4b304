/**
 * Clips on this machine's disk. In flows a body of unknown length and honesty, out comes a file
 * with a name of our making, its size and its SHA-256; or nothing at all is left behind.
 *
 * <p>Disk work runs on Reactor's bounded elastic threads, never on the caller's.
 */
@NullMarked
package dev.densestream.ingest.clip;

import org.jspecify.annotations.NullMarked;
