@NullMarked
package dev.densestream.answerservice.language.vector;

import org.jspecify.annotations.NullMarked;
