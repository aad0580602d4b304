package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.setLogCallback;

import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.javacpp.BytePointer;

/**
 * Takes FFmpeg's log, prints nothing of it, and remembers the two limits that FFmpeg reports in no
 * other way: its error codes for them are those of damaged data and of a lack of memory.
 */
final class NativeLog extends LogCallback {
  private static final NativeLog INSTANCE = new NativeLog();
  private volatile boolean tooManyPixels;
  private volatile boolean tooManyStreams;

  private NativeLog() {}

  static NativeLog take() {
    av_log_set_level(AV_LOG_ERROR);
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
  }

  void clear() {
    tooManyPixels = false;
    tooManyStreams = false;
  }

  boolean tooManyPixels() {
    return tooManyPixels;
  }

  boolean tooManyStreams() {
    return tooManyStreams;
  }
}
