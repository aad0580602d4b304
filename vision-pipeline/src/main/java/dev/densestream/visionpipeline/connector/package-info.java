/**
 * The Dense Connector: which hidden states are kept, and how they are joined. No parameters.
 *
 * <p>H. Yao et al., Dense Connector for MLLMs, NeurIPS 2024, arXiv 2405.13800, section 3.2.
 */
@NullMarked
package dev.densestream.visionpipeline.connector;

import org.jspecify.annotations.NullMarked;
