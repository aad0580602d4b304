package dev.densestream.visionpipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.framesampler.Frame;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class StillImageTest {
  @Test
  void keepsGrayAsStored() throws IOException {
    BufferedImage gray = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    gray.getRaster().setSample(0, 0, 0, 10);
    gray.getRaster().setSample(1, 0, 0, 200);
    assertThat(StillImage.read(png(gray), 10).rgb())
        .containsExactly(10, 10, 10, (byte) 200, (byte) 200, (byte) 200);
  }

  @Test
  void spreadsOneBitGray() throws IOException {
    BufferedImage binary = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
    binary.getRaster().setSample(1, 0, 0, 1);
    assertThat(StillImage.read(png(binary), 10).rgb()).containsExactly(0, 0, 0, -1, -1, -1);
  }

  @Test
  void dropsAlphaWithoutBlending() throws IOException {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x01_20_40_60);
    Frame frame = StillImage.read(png(image), 10);
    assertThat(frame.rgb()).containsExactly(0x20, 0x40, 0x60);
  }

  @Test
  void refusesWhatIsTooLargeDamagedOrNoImage() throws IOException {
    byte[] image = png(new BufferedImage(20, 10, BufferedImage.TYPE_INT_RGB));
    assertThat(StillImage.read(image, 200).width()).isEqualTo(20);
    assertThatThrownBy(() -> StillImage.read(image, 199))
        .isInstanceOf(IOException.class)
        .hasMessage("the image must have at most 199 pixels");
    assertThatThrownBy(() -> StillImage.read(Arrays.copyOf(image, image.length / 2), 200))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> StillImage.read("hello".getBytes(StandardCharsets.UTF_8), 200))
        .isInstanceOf(IOException.class)
        .hasMessage("the image has a format that is not supported");
  }

  private static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}
