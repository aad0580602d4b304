/**
 * What answers may look like, as pure functions of a vocabulary and of the model's logits: the
 * choices of an enumeration as paths through tokens, and a subset of JSON Schema as an automaton
 * over bytes that says which tokens may come next.
 *
 * <p>Grammars are immutable. What is learnt of them while answers are made (states, masks) belongs
 * to the engine's thread.
 */
@NullMarked
package dev.densestream.answerservice.format;

import org.jspecify.annotations.NullMarked;
