/**
 * The decoder process: the only package that touches FFmpeg, and only ever run in a child; but for
 * {@link dev.densestream.framesampler.decode.OwnClip}, which reads what its own process has made. A
 * task comes in on stdin, RGB pictures or remuxed pieces go out on stdout (see {@code protocol}).
 *
 * <p>FFmpeg opens nothing: it reads through {@link dev.densestream.framesampler.decode.MediaBytes}
 * what the parent handed over, its demuxers and decoders are the few of {@link
 * dev.densestream.framesampler.decode.Allowed}, and every attempt to open something else fails.
 *
 * <p>One thread decodes, one listens for tasks and aborts. Every native handle has one owner, which
 * is closed in {@code try}-with-resources; JavaCPP's own garbage collection of handles is off.
 */
@NullMarked
package dev.densestream.framesampler.decode;

import org.jspecify.annotations.NullMarked;
