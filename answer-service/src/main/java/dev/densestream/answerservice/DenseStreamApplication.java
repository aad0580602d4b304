package dev.densestream.answerservice;

import dev.densestream.answerservice.application.EarlyStart;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;

/** The one application; {@code densestream.roles} says what this process of it does. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class DenseStreamApplication {
  public static void main(String[] args) {
    run(args);
  }

  /** Starts the application; returns when the web server listens. Not yet ready: see its health. */
  public static ConfigurableApplicationContext run(String... args) {
    return EarlyStart.of(new SpringApplication(DenseStreamApplication.class)).run(args);
  }
}
