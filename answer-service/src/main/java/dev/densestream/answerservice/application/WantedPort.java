package dev.densestream.answerservice.application;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.env.Environment;

/**
 * A port that the application is going to listen on.
 *
 * @param setting that names it
 * @param address null for every address of this machine
 * @param port 0 for any free one
 */
record WantedPort(String setting, @Nullable InetAddress address, int port) {
  private static final String IN_USE = "in use";

  /** Of the page and the API, and of health and metrics. */
  static List<WantedPort> of(Environment environment) {
    return List.of(of(environment, "server"), of(environment, "management.server"));
  }

  private static WantedPort of(Environment environment, String server) {
    return new WantedPort(
        server + ".port",
        environment.getProperty(server + ".address", InetAddress.class),
        environment.getProperty(server + ".port", Integer.class, 0));
  }

  /**
   * Opens the port and closes it again.
   *
   * @throws PortInUseException when somebody else has it
   * @throws InvalidConfigurationPropertyValueException when it cannot be opened for another reason
   */
  void requireFree() {
    if (port <= 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // as the web server does: what an ended process left is no bar
      socket.bind(new InetSocketAddress(address, port));
    } catch (BindException taken) {
      if (String.valueOf(taken.getMessage()).contains(IN_USE)) {
        throw new PortInUseException(port, taken);
      }
      throw refused(taken);
    } catch (IOException failure) {
      throw refused(failure);
    }
  }

  private InvalidConfigurationPropertyValueException refused(IOException failure) {
    return new InvalidConfigurationPropertyValueException(
        setting,
        port,
        "It cannot be opened on %s (%s); choose another port or address."
            .formatted(
                address == null ? "this machine" : address.getHostAddress(), failure.getMessage()));
  }
}
