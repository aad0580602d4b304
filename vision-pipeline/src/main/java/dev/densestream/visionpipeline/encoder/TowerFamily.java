package dev.densestream.visionpipeline.encoder;

import java.util.Locale;

/** The two architectures. */
public enum TowerFamily {
  CLIP,
  SIGLIP;

  /** As the original decides: by {@code mm_vision_tower}. */
  public static TowerFamily of(String towerName) {
    return towerName.toLowerCase(Locale.ROOT).contains("siglip") ? SIGLIP : CLIP;
  }

  /** Tokens in front of the patches. */
  int classTokens() {
    return this == CLIP ? 1 : 0;
  }
}
