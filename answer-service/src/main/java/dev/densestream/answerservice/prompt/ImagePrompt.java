package dev.densestream.answerservice.prompt;

import dev.densestream.answerservice.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * A prompt as token ids, cut where pictures go. Each stretch is encoded as a text of its own, as
 * the original does; all but the first lose their beginning-of-sequence id.
 *
 * @param stretches ids between the places of pictures: one more than there are places
 */
public record ImagePrompt(List<List<Integer>> stretches) {
  /** Stands for a picture in {@link #ids()}. */
  public static final int IMAGE_ID = -200;

  public ImagePrompt {
    stretches = stretches.stream().map(List::copyOf).toList();
  }

  /** Encodes {@code prompt}, cutting at each {@value ConversationTemplate#IMAGE}. */
  public static ImagePrompt of(Tokenizer tokenizer, String prompt) {
    List<List<Integer>> stretches = new ArrayList<>();
    boolean startsWithBos = false;
    for (String text : prompt.split(ConversationTemplate.IMAGE, -1)) {
      List<Integer> ids = tokenizer.encode(text, true);
      if (stretches.isEmpty()) {
        startsWithBos =
            !ids.isEmpty()
                && tokenizer.beginOfSequence().filter(ids.getFirst()::equals).isPresent();
        stretches.add(ids);
      } else {
        stretches.add(startsWithBos ? ids.subList(1, ids.size()) : ids);
      }
    }
    return new ImagePrompt(stretches);
  }

  /** All ids in order, {@value #IMAGE_ID} for each picture. */
  public List<Integer> ids() {
    List<Integer> ids = new ArrayList<>(stretches.getFirst());
    for (List<Integer> stretch : stretches.subList(1, stretches.size())) {
      ids.add(IMAGE_ID);
      ids.addAll(stretch);
    }
    return ids;
  }
}
