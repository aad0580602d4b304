/**
 * Model directories: what their files say beyond the weights, how both halves are loaded from one,
 * and the small model that comes along.
 */
@NullMarked
package dev.densestream.answerservice.model;

import org.jspecify.annotations.NullMarked;
