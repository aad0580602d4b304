/**
 * The OpenAI-compatible door: a conversation about pictures and videos in, tokens out.
 *
 * <p>All pictures and videos of a conversation make up one visual prefix, in the order in which
 * they appear, before the first user turn.
 */
@NullMarked
package dev.densestream.answerservice.chat;

import org.jspecify.annotations.NullMarked;
