/**
 * Steps of few rows on a processor, in Java: each weight is read once, where it lies, by the vector
 * instructions that the Vector API gives. A step of one row consists of little else than reading,
 * and the tensor engine's operators read bfloat16 and float32 at a third to a half of what memory
 * gives, and cost a microsecond or two each whatever they do.
 */
@NullMarked
package dev.densestream.answerservice.language.vector;

import org.jspecify.annotations.NullMarked;
