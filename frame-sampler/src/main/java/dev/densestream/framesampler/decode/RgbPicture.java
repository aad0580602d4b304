package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avutil.AVCHROMA_LOC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_RGB;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_ENOMEM;
import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY8;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_side_data;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_image_copy_to_buffer;
import static org.bytedeco.ffmpeg.global.swscale.SWS_AREA;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;

import dev.densestream.framesampler.MediaRefusal.Code;
import dev.densestream.framesampler.policy.LumaGrid;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.jspecify.annotations.Nullable;

/**
 * Turns decoded frames into upright RGB, by the matrix and range each frame declares: the
 * conversion that FFmpeg's own {@code scale} filter makes with its default flags. Reuses its
 * buffers: a result is valid until the next call.
 */
final class RgbPicture implements AutoCloseable {
  private final SwsContext toRgb = context(SWS_BICUBIC);
  private final SwsContext toGrid = context(SWS_AREA);
  private final AVFrame rgb = av_frame_alloc();
  private final AVFrame grid = av_frame_alloc();
  private BytePointer packed = new BytePointer(0L);
  private @Nullable ByteBuffer turned;
  private int width;
  private int height;

  /** Rows without padding. */
  ByteBuffer convert(AVFrame frame) throws Refusal {
    simplify(frame);
    fit(rgb, AV_PIX_FMT_RGB24, frame.width(), frame.height());
    describe(frame, rgb);
    check(sws_scale_frame(toRgb, rgb, frame));
    ByteBuffer picture = pack(rgb, AV_PIX_FMT_RGB24, 3);
    Orientation upright = orientation(frame);
    width = upright.width(frame.width(), frame.height());
    height = upright.height(frame.width(), frame.height());
    if (upright.equals(Orientation.UPRIGHT)) {
      return picture;
    }
    ByteBuffer result = turned;
    if (result == null || result.capacity() != picture.capacity()) {
      result = ByteBuffer.allocateDirect(picture.capacity());
      turned = result;
    }
    upright.turn(picture, frame.width(), frame.height(), result);
    return result.rewind();
  }

  /** Of the picture converted last. */
  int width() {
    return width;
  }

  int height() {
    return height;
  }

  LumaGrid luma(AVFrame frame) {
    try {
      simplify(frame);
      fit(grid, AV_PIX_FMT_GRAY8, LumaGrid.WIDTH, LumaGrid.HEIGHT);
      describe(frame, grid);
      check(sws_scale_frame(toGrid, grid, frame));
      byte[] luma = new byte[LumaGrid.WIDTH * LumaGrid.HEIGHT];
      pack(grid, AV_PIX_FMT_GRAY8, 1).get(luma);
      return new LumaGrid(luma);
    } catch (Refusal e) {
      throw new IllegalStateException("the grid cannot be made: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    sws_freeContext(toRgb);
    sws_freeContext(toGrid);
    av_frame_free(rgb);
    av_frame_free(grid);
    packed.deallocate();
  }

  private static SwsContext context(int flags) {
    SwsContext context = sws_alloc_context();
    context.flags(flags);
    context.threads(1);
    return context;
  }

  private static void fit(AVFrame picture, int format, int width, int height) throws Refusal {
    if (picture.width() == width && picture.height() == height) {
      return;
    }
    av_frame_unref(picture);
    picture.format(format).width(width).height(height);
    check(av_frame_get_buffer(picture, 0));
  }

  /** The filter takes every frame for progressive, with chroma in the middle, unless told. */
  private static void simplify(AVFrame frame) {
    frame.chroma_location(AVCHROMA_LOC_UNSPECIFIED);
    frame.flags(frame.flags() & ~AVFrame.AV_FRAME_FLAG_INTERLACED);
  }

  /** Only matrix and range are to be converted: the rest stays as it was. */
  private static void describe(AVFrame from, AVFrame to) {
    boolean color = to.format() == AV_PIX_FMT_RGB24;
    to.colorspace(color ? AVCOL_SPC_RGB : from.colorspace());
    to.color_range(AVCOL_RANGE_JPEG);
    to.color_primaries(from.color_primaries());
    to.color_trc(from.color_trc());
    to.flags(from.flags());
  }

  private ByteBuffer pack(AVFrame picture, int format, int channels) throws Refusal {
    long size = (long) channels * picture.width() * picture.height();
    if (picture.linesize(0) == channels * picture.width()) {
      return picture.data(0).capacity(size).asByteBuffer(); // no padding to leave out
    }
    if (packed.capacity() < size) {
      packed.deallocate();
      packed = new BytePointer(size);
    }
    check(
        av_image_copy_to_buffer(
            packed.position(0),
            (int) size,
            picture.data(),
            picture.linesize(),
            format,
            picture.width(),
            picture.height(),
            1));
    return packed.limit(size).asByteBuffer();
  }

  private static Orientation orientation(AVFrame frame) {
    AVFrameSideData matrix = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    if (matrix == null || matrix.size() < 9L * Integer.BYTES) {
      return Orientation.UPRIGHT;
    }
    int[] values = new int[9];
    new IntPointer(matrix.data()).get(values);
    return Orientation.of(values);
  }

  private static void check(int result) throws Refusal {
    if (result == AVERROR_ENOMEM()) {
      throw OpenMedia.outOfMemory();
    }
    if (result < 0) {
      throw new Refusal(
          Code.UNSUPPORTED_CODEC, "The video's pixel format cannot be converted to RGB.");
    }
  }
}
