/** The manifests under {@code k8s/}, read strictly and held against the application they deploy. */
@NullMarked
package dev.densestream.endtoend.deployment;

import org.jspecify.annotations.NullMarked;
