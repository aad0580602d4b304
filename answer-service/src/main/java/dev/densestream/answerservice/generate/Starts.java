package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.format.ChoicePaths;
import dev.densestream.answerservice.generate.LanguageEngine.Parts;
import dev.densestream.answerservice.generate.TokenReply.Limits;
import dev.densestream.answerservice.prompt.ImagePrompt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes requests into sequences: their prompts in ids, and what is to be made of their replies. */
final class Starts {
  private static final Logger log = LoggerFactory.getLogger(Starts.class);

  private final Parts parts;
  private final Sequence.Engine engine;

  Starts(Parts parts, Sequence.Engine engine) {
    this.parts = parts;
    this.engine = engine;
  }

  /** Nothing if the prompt cannot be answered; the request then ends with the reason. */
  @Nullable Sequence start(Request request) {
    try {
      PromptPlan plan = plan(request);
      int context = parts.model().config().contextLength();
      int room = context - plan.used();
      if (room < least(request.format())) {
        request.fail("context_too_long", tooLong(plan, context, least(request.format())));
        return null;
      }
      Sequence sequence = new Sequence(request, engine, plan, reply(request, room));
      if (sequence.places() > engine.pool().places()) {
        request.fail("kv_cache_too_small", tooSmall(sequence.places()));
        return null;
      }
      return sequence;
    } catch (IllegalArgumentException e) {
      request.fail("invalid_conversation", String.valueOf(e.getMessage()));
      return null;
    } catch (RuntimeException e) {
      log.error("a question could not be made ready", e);
      AnswerFailure failure = AnswerFailure.of(e);
      request.fail(failure.code(), failure.sentence());
      return null;
    }
  }

  /** Tokens that an answer has at least. */
  private static int least(Formats.Ready format) {
    return format instanceof Formats.Ready.Chosen(ChoicePaths paths)
        ? Math.max(1, paths.longest())
        : 1;
  }

  private Reply reply(Request request, int room) {
    GenerationSettings settings = request.settings();
    int most = Math.min(room, parts.settings().maxNewTokens());
    Limits limits = new Limits(Math.min(most, settings.maxNewTokens()), parts.settings().stopIds());
    TokenSampler sampler = new TokenSampler(settings);
    return switch (request.format()) {
      case Formats.Ready.Free _ ->
          new TokenReply(
              new FreeWriting(sampler, parts.tokenizer().stream()),
              text(settings),
              limits,
              request::say);
      // The template's own stop text may well be part of a string.
      case Formats.Ready.Guided(var guides) ->
          new TokenReply(
              new JsonWriting(sampler, guides.guide()),
              new AnswerText(settings.stop()),
              limits,
              request::say);
      case Formats.Ready.Chosen(var paths) ->
          new ChoiceReply(paths, Math.max(1, parts.settings().prefillRows() / 4));
    };
  }

  private AnswerText text(GenerationSettings settings) {
    List<String> stops = new ArrayList<>(settings.stop());
    stops.add(parts.template().stopText());
    return new AnswerText(stops);
  }

  private static String tooLong(PromptPlan plan, int context, int least) {
    return "The prompt has "
        + plan.used()
        + " tokens, "
        + plan.visual()
        + " of them visual, and the model has room for "
        + (context - least)
        + "; ask about fewer frames or with fewer words.";
  }

  private String tooSmall(int rows) {
    return "Prompt and answer need keys and values of "
        + rows
        + " tokens, and the model's cache has room for "
        + engine.pool().places()
        + "; raise densestream.model.kv-cache, ask about fewer frames, or for a shorter answer.";
  }

  private PromptPlan plan(Request request) {
    int visual = request.context().visualTokens();
    String prompt = parts.template().prompt(request.turns(), visual > 0);
    ImagePrompt ids = ImagePrompt.of(parts.tokenizer(), prompt);
    PromptPlan plan = PromptPlan.of(ids.stretches(), visual, parts.settings().lengthLimit());
    if (plan.cut() > 0) {
      engine.metrics().cut(plan.cut());
      log.warn(
          "prompt cut from {} to {} tokens, as tokenizer_model_max_length of the model's"
              + " config.json asks for; the end of the question is lost",
          plan.rows(),
          plan.used());
    }
    return plan;
  }
}
