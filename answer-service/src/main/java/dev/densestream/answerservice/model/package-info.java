/**
 * Model directories: what their files say beyond the weights, how both halves are loaded from one,
 * and the untrained model that is written while the application is built.
 */
@NullMarked
package dev.densestream.answerservice.model;

import org.jspecify.annotations.NullMarked;
