/**
 * Encoded media in, RGB frames out: decoding in child processes, sampling policies, and the ledger
 * that accounts for every frame. FFmpeg is used in {@code decode} alone; its frames never leave
 * that package.
 */
@NullMarked
package dev.densestream.framesampler;

import org.jspecify.annotations.NullMarked;
