package dev.densestream.answerservice.language;

/** What a model says about the token that follows. */
public interface NextToken {
  /** The id with the largest logit; the first of equals. */
  int likeliest();

  /** V logits, for the caller to change. Where a GPU computed them, they are fetched by this. */
  float[] logits();

  /** Of logits that are here. */
  static NextToken of(float[] logits) {
    return new NextToken() {
      @Override
      public int likeliest() {
        int best = 0;
        for (int id = 1; id < logits.length; id++) {
          best = logits[id] > logits[best] ? id : best;
        }
        return best;
      }

      @Override
      public float[] logits() {
        return logits;
      }
    };
  }
}
