/**
 * The command line: {@code serve} starts the application; {@code ask}, {@code caption}, {@code
 * parity} and {@code bench} run without it, without Spring and without a broker.
 *
 * <p>Results go to standard output, everything else to standard error. Exit status 0: done; 1:
 * refused or failed, said in one line; 2: the command line is wrong.
 */
@NullMarked
package dev.densestream.answerservice.command;

import org.jspecify.annotations.NullMarked;
