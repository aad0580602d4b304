/**
 * The language model: token ids and visual tokens in, logits out, over a KV cache.
 *
 * <p>One TorchScript program serves all families; what differs between them is a {@link
 * dev.densestream.answerservice.language.Family}. A model is used by one thread at a time.
 *
 * <p>Letters in shapes: S rows of a call, T rows in the cache, N visual tokens, C channels, V
 * vocabulary, Hq query heads, Hkv key-value heads, D head size.
 */
@NullMarked
package dev.densestream.answerservice.language;

import org.jspecify.annotations.NullMarked;
