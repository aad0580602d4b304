package dev.densestream.answerservice.clip;

/** How a {@link ClipResult} is written. */
public enum ClipFormat {
  JSON("json", "application/json") {
    @Override
    public String write(ClipResult result) {
      return ClipJson.write(result);
    }
  },
  VTT("vtt", "text/vtt;charset=UTF-8") {
    @Override
    public String write(ClipResult result) {
      return Subtitles.webVtt(result);
    }
  },
  SRT("srt", "application/x-subrip;charset=UTF-8") {
    @Override
    public String write(ClipResult result) {
      return Subtitles.subRip(result);
    }
  };

  private final String extension;
  private final String mediaType;

  ClipFormat(String extension, String mediaType) {
    this.extension = extension;
    this.mediaType = mediaType;
  }

  /** The whole document. */
  public abstract String write(ClipResult result);

  public String extension() {
    return extension;
  }

  public String mediaType() {
    return mediaType;
  }
}
