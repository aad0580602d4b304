package dev.densestream.answerservice.application;

import dev.densestream.answerservice.DenseStreamProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What happens as soon as the settings are known, before anything is put together: looks whether
 * the ports are free, since whoever has taken one must not wait for a model and a broker to hear of
 * it; then begins to reach the cluster, which takes the longest.
 */
public final class EarlyStart
    implements ApplicationContextInitializer<ConfigurableApplicationContext>,
        ApplicationListener<ApplicationFailedEvent> {
  private @Nullable ClusterStart begun;

  private EarlyStart() {}

  /** Makes it part of {@code application}; one for each. */
  public static SpringApplication of(SpringApplication application) {
    EarlyStart early = new EarlyStart();
    application.addInitializers(early);
    application.addListeners(early);
    return application;
  }

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    WantedPort.of(context.getEnvironment()).forEach(WantedPort::requireFree);
    DenseStreamProperties properties =
        Binder.get(context.getEnvironment())
            .bindOrCreate("densestream", DenseStreamProperties.class);
    begun = ClusterStart.begin(ClusterConfiguration.settings(properties.kafka()));
    context.getBeanFactory().registerSingleton("clusterStart", begun);
  }

  @Override
  public void onApplicationEvent(ApplicationFailedEvent failed) {
    if (begun != null) {
      begun.abandon();
    }
  }
}
