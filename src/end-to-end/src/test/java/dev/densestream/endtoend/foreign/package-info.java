/** The topics as they look to Kafka clients nobody here wrote. */
@NullMarked
package dev.densestream.endtoend.foreign;

import org.jspecify.annotations.NullMarked;
