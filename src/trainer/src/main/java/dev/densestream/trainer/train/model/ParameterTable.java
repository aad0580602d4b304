package dev.densestream.trainer.train.model;

import dev.densestream.trainer.train.config.LanguagePlan;
import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.config.Shares;
import dev.densestream.trainer.train.config.TowerPlan;
import dev.densestream.trainer.train.lesson.History;
import dev.densestream.trainer.train.lesson.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All parameters of a model, in the order the programs expect them.
 *
 * @param stem of the tower
 * @param blocks of the tower, 16 each
 * @param heads that tell labels, in training alone
 * @param words the language model: embedding, last norm, head, then 9 a layer
 */
public record ParameterTable(
    List<Parameter> stem,
    List<Parameter> blocks,
    List<Parameter> projector,
    List<Parameter> heads,
    List<Parameter> words) {
  private static final Pattern MLP = Pattern.compile("mlp([1-9])x_gelu");

  private static final String PATCHES = "labels.patches";
  private static final String TOKENS = "labels.tokens";
  private static final String HISTORY = "labels.history";
  private static final String ONSET = "labels.onset";
  private static final String SUBJECT = "labels.subject";
  private static final String WORD = "labels.word";
  private static final String SHOWN = "labels.shown";

  public ParameterTable {
    stem = List.copyOf(stem);
    blocks = List.copyOf(blocks);
    projector = List.copyOf(projector);
    heads = List.copyOf(heads);
    words = List.copyOf(words);
  }

  /**
   * All parameters of a plan.
   *
   * @param vocabulary rows of the embedding table
   */
  public static ParameterTable of(ModelPlan plan, int vocabulary) {
    return new ParameterTable(
        stem(plan.tower()),
        blocks(plan.tower()),
        projector("mlp2x_gelu", plan.joinedWidth(), plan.language().width()),
        heads(plan),
        words(plan.language(), vocabulary));
  }

  /** What lies in the tower's own file. */
  public Stream<Parameter> ofTower() {
    return Stream.concat(stem.stream(), blocks.stream());
  }

  /** What lies in the model's file. */
  public Stream<Parameter> ofModel() {
    return Stream.concat(words.stream(), projector.stream());
  }

  public Stream<Parameter> all() {
    return Stream.of(stem, blocks, projector, heads, words).flatMap(List::stream);
  }

  /** Those of the heads that have a share in the loss; the others stay as they are. */
  public Stream<Parameter> headsFor(Shares shares) {
    return heads.stream().filter(head -> share(head.key(), shares) > 0);
  }

  private static double share(String head, Shares shares) {
    return switch (head.substring(0, head.lastIndexOf('.'))) {
      case PATCHES -> shares.patches();
      case TOKENS -> shares.tokens();
      case HISTORY, ONSET -> shares.history();
      case WORD, SHOWN -> shares.pointing();
      case SUBJECT -> shares.subjects();
      default -> throw new IllegalArgumentException("no such head: " + head);
    };
  }

  private static List<Parameter> stem(TowerPlan tower) {
    String start = "vision_model.embeddings.";
    int width = tower.width();
    int patch = tower.patch();
    return List.of(
        Parameter.matrix(start + "class_embedding", 0.5, width),
        Parameter.matrix(
            start + "patch_embedding.weight",
            1 / Math.sqrt(3.0 * patch * patch),
            width,
            3,
            patch,
            patch),
        Parameter.matrix(start + "position_embedding.weight", 0.5, tower.patches() + 1, width),
        Parameter.ones("vision_model.pre_layrnorm.weight", width),
        Parameter.zeros("vision_model.pre_layrnorm.bias", width));
  }

  private static List<Parameter> blocks(TowerPlan tower) {
    List<Parameter> list = new ArrayList<>();
    int width = tower.width();
    double last = 1 / Math.sqrt(2.0 * tower.blocks());
    for (int block = 0; block < tower.blocks(); block++) {
      String of = "vision_model.encoder.layers." + block + ".";
      norm(list, of + "layer_norm1", width);
      for (String name : List.of("q_proj", "k_proj", "v_proj")) {
        linear(list, of + "self_attn." + name, width, width, 1);
      }
      linear(list, of + "self_attn.out_proj", width, width, last);
      norm(list, of + "layer_norm2", width);
      linear(list, of + "mlp.fc1", tower.feedForward(), width, 1);
      linear(list, of + "mlp.fc2", width, tower.feedForward(), last);
    }
    return list;
  }

  /**
   * A projector's layers.
   *
   * @param type {@code mm_projector_type}
   * @throws IllegalArgumentException where nothing of it can be learnt
   */
  public static List<Parameter> projector(String type, int in, int out) {
    List<Parameter> list = new ArrayList<>();
    Matcher mlp = MLP.matcher(type);
    if (type.equals("linear")) {
      linear(list, "model.mm_projector", out, in, 1);
    } else if (mlp.matches()) {
      for (int layer = 0; layer < Integer.parseInt(mlp.group(1)); layer++) {
        // Every other slot of the sequence is a GELU.
        linear(list, "model.mm_projector." + 2 * layer, out, layer == 0 ? in : out, 1);
      }
    } else {
      throw new IllegalArgumentException(
          "a projector of mm_projector_type "
              + type
              + " cannot be trained; linear and"
              + " mlpNx_gelu can");
    }
    return list;
  }

  /** Channels in which words are compared with visual tokens. */
  private static final int POINTING = 48;

  private static List<Parameter> heads(ModelPlan plan) {
    List<Parameter> list = new ArrayList<>();
    int ofPatches = Labels.classes() + Labels.outlineParts();
    linear(list, PATCHES, ofPatches, plan.joinedWidth(), 0.5);
    linear(list, TOKENS, Labels.classes(), plan.language().width(), 0.5);
    linear(list, HISTORY, History.classes(), plan.language().width(), 0.5);
    linear(list, WORD, POINTING, plan.language().width(), 1);
    linear(list, SHOWN, POINTING, plan.language().width(), 1);
    linear(list, ONSET, History.onsets(), plan.language().width(), 0.5);
    linear(list, SUBJECT, Labels.ofSubjects(), plan.language().width(), 0.5);
    return list;
  }

  private static List<Parameter> words(LanguagePlan plan, int vocabulary) {
    int width = plan.width();
    double in = 1 / Math.sqrt(width);
    double out = 1 / Math.sqrt(2.0 * plan.layers());
    List<Parameter> list = new ArrayList<>();
    list.add(Parameter.matrix("model.embed_tokens.weight", 0.3, vocabulary, width));
    list.add(Parameter.ones("model.norm.weight", width));
    list.add(Parameter.matrix("lm_head.weight", 0.02, vocabulary, width));
    for (int layer = 0; layer < plan.layers(); layer++) {
      String of = "model.layers." + layer + ".";
      list.add(Parameter.ones(of + "input_layernorm.weight", width));
      list.add(Parameter.matrix(of + "self_attn.q_proj.weight", in, width, width));
      list.add(Parameter.matrix(of + "self_attn.k_proj.weight", in, plan.stored(), width));
      list.add(Parameter.matrix(of + "self_attn.v_proj.weight", in, plan.stored(), width));
      list.add(Parameter.matrix(of + "self_attn.o_proj.weight", in * out, width, width));
      list.add(Parameter.ones(of + "post_attention_layernorm.weight", width));
      list.add(Parameter.matrix(of + "mlp.gate_proj.weight", in, plan.feedForward(), width));
      list.add(Parameter.matrix(of + "mlp.up_proj.weight", in, plan.feedForward(), width));
      list.add(
          Parameter.matrix(
              of + "mlp.down_proj.weight",
              out / Math.sqrt(plan.feedForward()),
              width,
              plan.feedForward()));
    }
    return list;
  }

  private static void linear(List<Parameter> list, String name, int out, int in, double gain) {
    list.add(Parameter.matrix(name + ".weight", gain / Math.sqrt(in), out, in));
    list.add(Parameter.zeros(name + ".bias", out));
  }

  private static void norm(List<Parameter> list, String name, int width) {
    list.add(Parameter.ones(name + ".weight", width));
    list.add(Parameter.zeros(name + ".bias", width));
  }
}
