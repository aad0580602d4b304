package dev.densestream.answerservice.live;

import dev.densestream.answerservice.BackgroundWork;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the owner of all subscriptions, whatever the roles. */
@Configuration(proxyBeanMethods = false)
class LifecycleConfiguration {
  @Bean
  PipelineLifecycle pipelineLifecycle(ObjectProvider<BackgroundWork> works) {
    return new PipelineLifecycle(works.orderedStream().toList());
  }
}
