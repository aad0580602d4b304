/**
 * Model directories in the original format: {@code config.json} and safetensors files, checked
 * before anything is allocated, mapped rather than read.
 *
 * <p>A mapping lives as long as a tensor or a file object that lies in it; the garbage collector
 * ends it. Calls may come from any thread.
 */
@NullMarked
package dev.densestream.visionpipeline.checkpoint;

import org.jspecify.annotations.NullMarked;
