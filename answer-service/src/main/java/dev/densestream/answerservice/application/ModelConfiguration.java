package dev.densestream.answerservice.application;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.DenseStreamProperties;
import dev.densestream.answerservice.ForRole;
import dev.densestream.answerservice.ModelSettings;
import dev.densestream.answerservice.Role;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The model that answers: the user's directory, or the small one that comes along. */
@Configuration(proxyBeanMethods = false)
@ForRole(Role.ANSWER)
class ModelConfiguration {
  @Bean(destroyMethod = "close")
  AnswerModel answerModel(DenseStreamProperties properties, MeterRegistry meters) {
    DenseStreamProperties.Model model = properties.model();
    ModelSettings settings =
        new ModelSettings(
            Optional.ofNullable(model.conversation()),
            Optional.ofNullable(model.tokenReduction()),
            Optional.ofNullable(model.videoPooling()),
            model.visionTowers(),
            Optional.ofNullable(model.precision()),
            model.device(),
            model.threads(),
            model.slots(),
            model.queue(),
            model.kvCache().toBytes());
    return model.path() == null
        ? AnswerModel.demo(settings, meters)
        : AnswerModel.load(model.path(), settings, meters);
  }
}
