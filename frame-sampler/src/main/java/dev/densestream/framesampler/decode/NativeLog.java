package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_WARNING;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.setLogCallback;

import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.javacpp.BytePointer;

/**
 * Takes FFmpeg's log, prints nothing of it, and remembers three things that FFmpeg reports in no
 * other way: two limits, whose error codes are those of damaged data and of a lack of memory, and a
 * reference to another file, which it merely skips.
 */
final class NativeLog extends LogCallback {
  private static final NativeLog INSTANCE = new NativeLog();
  private volatile boolean tooManyPixels;
  private volatile boolean tooManyStreams;
  private volatile boolean pointsElsewhere;

  private NativeLog() {}

  static NativeLog take() {
    av_log_set_level(AV_LOG_WARNING);
    setLogCallback(INSTANCE);
    return INSTANCE;
  }

  static NativeLog get() {
    return INSTANCE;
  }

  @Override
  public void call(int level, BytePointer message) {
    String text = message.getString();
    tooManyPixels |= text.contains("max pixel count");
    tooManyStreams |= text.contains("max_streams");
    pointsElsewhere |= text.contains("external track");
  }

  void clear() {
    tooManyPixels = false;
    tooManyStreams = false;
    pointsElsewhere = false;
  }

  boolean tooManyPixels() {
    return tooManyPixels;
  }

  boolean tooManyStreams() {
    return tooManyStreams;
  }

  boolean pointsElsewhere() {
    return pointsElsewhere;
  }
}
