package dev.densestream.answerservice.chat;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.ForRole;
import dev.densestream.answerservice.Role;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.MediaFetcher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;

/** Wires the chat. */
@Configuration(proxyBeanMethods = false)
@ForRole(Role.ANSWER)
public class ChatConfiguration {
  @Bean
  ChatPipeline chatPipeline(
      AnswerModel model, FrameSampler sampler, MediaFetcher fetcher, Scheduler pictureDrawing) {
    return new ChatPipeline(model, sampler, fetcher, pictureDrawing);
  }
}
