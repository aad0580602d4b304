@NullMarked
package dev.densestream.answerservice.application;

import org.jspecify.annotations.NullMarked;
