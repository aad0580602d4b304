/**
 * Capture: a file or URL becomes segments. In flows a location somebody else wrote, out come media
 * on this machine's disk, and from them, cut without transcoding, segments on the stream's clock.
 *
 * <p>Locations are distrusted: what is opened is decided here, address by address, and FFmpeg never
 * opens anything but what it is handed.
 */
@NullMarked
package dev.densestream.ingest.source;

import org.jspecify.annotations.NullMarked;
