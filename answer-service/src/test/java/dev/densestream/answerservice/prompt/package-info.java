@NullMarked
package dev.densestream.answerservice.prompt;

import org.jspecify.annotations.NullMarked;
