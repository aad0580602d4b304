/**
 * HTTP in, JSON, server-sent events and the page out.
 *
 * <p>Nothing here blocks an event loop: files and pictures are read and written on bounded
 * schedulers, and what a client does not read is not asked for. Answers come from the answer topic
 * alone, never from the pipeline.
 */
@NullMarked
package dev.densestream.answerservice.web;

import org.jspecify.annotations.NullMarked;
