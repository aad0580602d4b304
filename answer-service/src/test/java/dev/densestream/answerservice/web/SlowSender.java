package dev.densestream.answerservice.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** Announces a body, sends its first byte, and then nothing. */
final class SlowSender implements AutoCloseable {
  private final Socket socket;

  SlowSender(WebServer server, String path, String contentType) throws IOException {
    socket = new Socket("localhost", server.port());
    socket.setSoTimeout((int) WebServer.PATIENCE.toMillis());
    socket
        .getOutputStream()
        .write(
            ("POST "
                    + path
                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\nContent-Type: "
                    + contentType
                    + "\r\n\r\n{")
                .getBytes(UTF_8));
    socket.getOutputStream().flush();
  }

  /** The first line that comes back. */
  String status() throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next > 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
