/**
 * Visual tokens and questions in, answers out: the language model, windows and standing questions,
 * recorded clips, HTTP and SSE, the web page, the command line, and the application itself.
 */
@NullMarked
package dev.densestream.answerservice;

import org.jspecify.annotations.NullMarked;
