/**
 * Mini-Gemini's second, high-resolution encoder, and how the tokens of the first take detail from
 * it.
 *
 * <p>Y. Li et al., Mini-Gemini: Mining the Potential of Multi-modality Vision Language Models,
 * arXiv 2403.18814, section 3.
 */
@NullMarked
package dev.densestream.visionpipeline.mining;

import org.jspecify.annotations.NullMarked;
