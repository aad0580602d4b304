package dev.densestream.answerservice.web;

import java.nio.file.Path;

/** The folder one test application keeps its files in. */
record TestFolder(Path path) {}
