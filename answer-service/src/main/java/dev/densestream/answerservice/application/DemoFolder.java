package dev.densestream.answerservice.application;

import java.nio.file.Path;

/** Where the demo's own recordings lie while it runs. */
record DemoFolder(Path path) {}
