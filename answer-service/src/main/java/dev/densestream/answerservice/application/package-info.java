/**
 * Wires what the modules to the left offer into beans, from the settings. Only wires: nothing here
 * decides or computes.
 */
@NullMarked
package dev.densestream.answerservice.application;

import org.jspecify.annotations.NullMarked;
