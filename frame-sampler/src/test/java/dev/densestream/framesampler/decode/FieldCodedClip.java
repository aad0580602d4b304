package dev.densestream.framesampler.decode;

import java.io.ByteArrayOutputStream;

/**
 * Writes H.264 (ITU-T H.264, 7.3) in which each field is a picture of its own, which no encoder at
 * hand does: 32x32 pixels, two fields of four raw macroblocks a frame, Annex B. The even rows of
 * frame {@code i} have luma {@code 40 + 4 i}, the odd rows 100 more.
 */
final class FieldCodedClip {
  private static final int MACROBLOCKS_IN_FIELD = 2;
  private static final int RAW_MACROBLOCK = 25;
  private static final int RAW_BYTES = 384;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int bits;
  private int filled;

  private FieldCodedClip() {}

  /**
   * A stream.
   *
   * @param interval frames from one keyframe to the next
   */
  static byte[] of(int frames, int interval) {
    FieldCodedClip clip = new FieldCodedClip();
    for (int i = 0; i < frames; i++) {
      boolean key = i % interval == 0;
      if (key) {
        clip.parameters();
      }
      clip.field(i, i % interval, key, false);
      clip.field(i, i % interval, false, true);
    }
    return clip.out.toByteArray();
  }

  private void parameters() {
    begin(0x67);
    put(77, 8); // Main profile
    put(0, 8);
    put(30, 8);
    golomb(0); // sps id
    golomb(0); // 4 bits of frame_num
    golomb(2); // pictures come in their order
    golomb(2); // reference frames
    put(0, 1);
    golomb(1); // 2 macroblocks wide
    golomb(0); // 1 macroblock high, in a field
    put(0, 1); // not frames only
    put(0, 1); // not mixed within a picture
    put(0b1, 1); // direct_8x8_inference
    put(0, 1); // no cropping
    put(0, 1); // no usability information
    end();
    begin(0x68);
    golomb(0);
    golomb(0);
    put(0, 2);
    golomb(0);
    golomb(1); // two references, so that a picture of intra slices is not yet taken for a keyframe
    golomb(0);
    put(0, 3);
    golomb(0);
    golomb(0);
    golomb(0);
    put(0b100, 3); // the slice says whether it is deblocked
    end();
  }

  private void field(int index, int frameNumber, boolean key, boolean bottom) {
    begin(key ? 0x65 : 0x61);
    golomb(0); // first macroblock
    golomb(7); // intra
    golomb(0); // pps id
    put(frameNumber & 0xf, 4);
    put(1, 1); // a field
    put(bottom ? 1 : 0, 1);
    if (key) {
      golomb(index & 1); // differs from the keyframe before
      put(0, 2);
    } else {
      put(0, 1);
    }
    golomb(0); // quantiser as in the pps
    golomb(1); // not deblocked
    for (int i = 0; i < MACROBLOCKS_IN_FIELD; i++) {
      golomb(RAW_MACROBLOCK);
      align();
      for (int j = 0; j < RAW_BYTES; j++) {
        put(j < 256 ? 40 + 4 * index + (bottom ? 100 : 0) : 128, 8);
      }
    }
    end();
  }

  private void begin(int header) {
    put(1, 32);
    put(header, 8);
  }

  /** Stop bit. No three bytes here look like a start code, so nothing needs escaping. */
  private void end() {
    put(1, 1);
    align();
  }

  private void golomb(int value) {
    int length = 32 - Integer.numberOfLeadingZeros(value + 1);
    put(0, length - 1);
    put(value + 1, length);
  }

  private void put(int value, int count) {
    for (int i = count - 1; i >= 0; i--) {
      bits = bits << 1 | (value >> i & 1);
      if (++filled == 8) {
        out.write(bits);
        bits = 0;
        filled = 0;
      }
    }
  }

  private void align() {
    while (filled != 0) {
      put(0, 1);
    }
  }
}
