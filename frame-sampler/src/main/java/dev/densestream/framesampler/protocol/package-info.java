/**
 * What a parent and a decoder process say to each other over the process's stdin and stdout, one
 * media at a time. Big-endian, as {@link java.io.DataOutput} writes.
 *
 * <pre>
 * message = magic:int type:byte length:int body:length bytes, then for some types a payload
 *
 * parent to child
 *   TASK    verb, limits, threads, then the media: its bytes as payload, or the path of a file
 *   ABORT   give the present task up; answered with the end of that task
 * child to parent
 *   HELLO     protocol version; once, when ready
 *   COUNTED   frames in the media as far as its container can be read, before any is decoded
 *   PROGRESS  running counts; said while frames are decoded that nobody wants
 *   PICTURE   running counts, PTS, width, height; payload: 3 * width * height bytes of RGB
 *   PIECE     PTS range, media type, keyframe-aligned; payload: the piece
 *   PROBED    what the media is                                       (ends the task)
 *   FINISHED  counts, duration, damaged                               (ends the task)
 *   REFUSED   code, sentence, counts                                  (ends the task)
 * </pre>
 *
 * The child does no work ahead: what the parent does not read fills the pipe and stops it. The
 * parent takes whatever is not a message of this form for a crash. When stdin ends, the child ends.
 */
@NullMarked
package dev.densestream.framesampler.protocol;

import org.jspecify.annotations.NullMarked;
