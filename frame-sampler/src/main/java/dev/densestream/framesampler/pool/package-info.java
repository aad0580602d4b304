/**
 * The parent's side: a few decoder processes, each with one media at a time, their limits, deaths
 * and replacements. Media comes in as a subscription, goes to a process when one is free, and
 * events flow as fast as they are demanded, because the pipe is read only then.
 *
 * <p>Each process has one thread here, {@code segment-decode}, on which all blocking reads and
 * writes of its pipes happen. Nothing in this package touches FFmpeg.
 */
@NullMarked
package dev.densestream.framesampler.pool;

import org.jspecify.annotations.NullMarked;
