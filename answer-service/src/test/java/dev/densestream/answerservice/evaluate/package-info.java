@NullMarked
package dev.densestream.answerservice.evaluate;

import org.jspecify.annotations.NullMarked;
