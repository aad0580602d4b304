/** The same maths again, slowly, in plain Java and double precision: what tests compare with. */
@NullMarked
package dev.densestream.visionpipeline.reference;

import org.jspecify.annotations.NullMarked;
