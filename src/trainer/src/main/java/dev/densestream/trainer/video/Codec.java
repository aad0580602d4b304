package dev.densestream.trainer.video;

/** Video codecs that the bundled FFmpeg encodes without code under the GPL. */
public enum Codec {
  /** By OpenH264, the baseline profile. */
  H264("libopenh264"),
  /** MPEG-4 part 2, by FFmpeg. */
  MPEG4("mpeg4"),
  VP9("libvpx-vp9");

  private final String encoder;

  Codec(String encoder) {
    this.encoder = encoder;
  }

  String encoder() {
    return encoder;
  }
}
