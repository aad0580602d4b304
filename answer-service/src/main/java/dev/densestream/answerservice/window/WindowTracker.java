package dev.densestream.answerservice.window;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.Progress;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.window.ClosedWindow.Ending;
import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.StreamId;
import dev.densestream.visionpipeline.VisualTokens;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one stream. For every question version and window that media overlaps, exactly one
 * {@link ClosedWindow} comes out, in window order per question; over restarts too, if it is seeded
 * with the last {@link Progress} that was settled and given again the segments that were not done.
 *
 * <p>A window closes when media time (the latest end of any segment) passes its end. Segments may
 * arrive out of order as long as their windows are open; frames that come later are counted late. A
 * window no segment overlaps does not exist: a jump in media time makes no windows.
 *
 * <p>A question that is withdrawn and put again in the same version begins behind the windows it
 * had: they are terminal.
 */
public final class WindowTracker {
  /** Question versions remembered after they have gone. */
  private static final int MOST_ENDED = 16;

  private static final Comparator<ClosedWindow> IN_ORDER =
      Comparator.comparingLong((ClosedWindow window) -> window.range().endMicros())
          .thenComparingLong(window -> window.range().startMicros())
          .thenComparing(window -> window.question().id());

  private final StreamId stream;
  private final Map<String, QuestionWindows> questions = new TreeMap<>();
  private final Map<String, Progress.Mark> seeds = new LinkedHashMap<>();
  private final LinkedHashMap<Version, Progress.Ended> ended = new LinkedHashMap<>();
  private final SegmentNumbers numbers = new SegmentNumbers();
  private final Placement placement;
  private final List<HeldSegment> held = new ArrayList<>();
  private @Nullable RecordPosition last;

  /** Latest end of the media given to this tracker; meaningless before the first segment. */
  private long mediaMicros;

  /** Latest end of the media any tracker of this stream was given before a settlement. */
  private long acceptedMicros;

  private record Version(String question, long version) {
    static Version of(Progress.Ended gone) {
      return new Version(gone.question(), gone.version());
    }
  }

  public WindowTracker(StreamId stream, Optional<Progress> settled) {
    this.stream = requireNonNull(stream, "stream is null");
    this.acceptedMicros = settled.map(Progress::mediaMicros).orElse(Long.MIN_VALUE);
    this.placement = new Placement(settled.map(Progress::placed).orElse(null));
    settled.ifPresent(
        progress -> {
          progress.marks().forEach(mark -> seeds.put(mark.question(), mark));
          progress.ended().forEach(gone -> ended.put(Version.of(gone), gone));
        });
  }

  /** The last position given; what follows from this tracker rests on its partition. */
  public Optional<RecordPosition> last() {
    return Optional.ofNullable(last);
  }

  /** Visual tokens held for open windows, in bytes. */
  public long heldBytes() {
    return held.stream().mapToLong(HeldSegment::bytes).sum();
  }

  /** Lets go of held frames, evenly over the time they span, until they need no more bytes. */
  public void thin(long mostBytes) {
    List<VisualTokens> frames =
        held.stream()
            .flatMap(segment -> segment.frames().stream())
            .sorted(Comparator.comparingLong(VisualTokens::ptsMicros))
            .toList();
    Set<VisualTokens> surplus = Thinning.surplus(frames, mostBytes);
    held.forEach(segment -> segment.letGo(surplus));
  }

  /** Takes the next segment; {@code active} are the questions that concern the stream now. */
  public Closing accept(TakenSegment received, Collection<Question> active) {
    boolean first = last == null;
    last = received.position();
    List<ClosedWindow> closed = new ArrayList<>();
    boolean changed = retire(active, closed);
    SegmentNumbers.Arrival arrival = numbers.arrived(received);
    if (arrival.duplicate() || placement.isDone(received)) {
      return closing(closed, changed)
          .with(arrival)
          .and(received.position(), counts(received, arrival));
    }
    TakenSegment segment = placement.place(received);
    PtsRange range = segment.range();
    changed |= adopt(active, range.startMicros());
    held.add(new HeldSegment(segment, lateFrames(segment)));
    held.sort(Comparator.comparingLong(taken -> taken.range().startMicros()));
    mediaMicros = first ? range.endMicros() : Math.max(mediaMicros, range.endMicros());
    acceptedMicros = Math.max(acceptedMicros, mediaMicros);
    questions.values().forEach(question -> close(question, mediaMicros, closed));
    return closing(closed, changed).with(arrival);
  }

  /** Whatever became of the segment: it is done with, and no window has it. */
  public void giveUp(RecordPosition position) {
    held.removeIf(given -> given.segment().position().equals(position));
    placement.done(List.of(position));
  }

  /** Of a segment that has had its effect already. */
  private static FrameCounts counts(TakenSegment segment, SegmentNumbers.Arrival arrival) {
    FrameCounts counts = segment.content().counts();
    DropReason reason = arrival.duplicate() ? DropReason.DUPLICATE : DropReason.LATE;
    return counts.without(counts.sampled(), reason);
  }

  /** Ends the open windows of questions that are gone or have a new version. */
  public Closing reconcile(Collection<Question> active) {
    if (last == null) {
      return Closing.NOTHING;
    }
    List<ClosedWindow> closed = new ArrayList<>();
    boolean changed = retire(active, closed);
    return changed ? closing(closed, true) : Closing.NOTHING;
  }

  /** The stream ended or fell silent: closes all open windows with what they hold. */
  public Closing end() {
    if (held.isEmpty()) {
      return Closing.NOTHING;
    }
    List<ClosedWindow> closed = new ArrayList<>();
    for (QuestionWindows question : questions.values()) {
      while (question.next().startMicros() < mediaMicros) {
        closeNext(question, Ending.COMPLETE, closed);
      }
    }
    // A floating segment that follows must not fall into a window that was ended early.
    questions.values().forEach(question -> placement.skipTo(question.terminalUntil()));
    return closing(closed, false);
  }

  /** Ends the windows of every question version that is not active; true if there was one. */
  private boolean retire(Collection<Question> active, List<ClosedWindow> closed) {
    Map<String, Question> wanted = new TreeMap<>();
    active.forEach(question -> wanted.put(question.id(), question));
    List<QuestionWindows> gone = new ArrayList<>();
    questions.values().stream()
        .filter(question -> !isSame(question.version(), wanted.get(question.id())))
        .forEach(gone::add);
    seeds.values().stream()
        .filter(mark -> !isSame(mark.version(), wanted.get(mark.question())))
        .forEach(mark -> gone.add(QuestionWindows.gone(mark)));
    for (QuestionWindows question : gone) {
      Ending ending = wanted.containsKey(question.id()) ? Ending.SUPERSEDED : Ending.WITHDRAWN;
      while (question.next().startMicros() < acceptedMicros) {
        closeNext(question, ending, closed);
      }
      questions.remove(question.id());
      seeds.remove(question.id());
      remember(question.ended());
    }
    return !gone.isEmpty();
  }

  private void remember(Progress.Ended gone) {
    ended.put(Version.of(gone), gone);
    while (ended.size() > MOST_ENDED) {
      ended.pollFirstEntry();
    }
  }

  private static boolean isSame(long version, @Nullable Question question) {
    return question != null && question.version() == version;
  }

  /** Starts or resumes the windows of questions this tracker does not have yet. */
  private boolean adopt(Collection<Question> active, long segmentStart) {
    boolean changed = false;
    for (Question question : active) {
      if (!questions.containsKey(question.id())) {
        Progress.Mark mark = seeds.remove(question.id());
        questions.put(
            question.id(),
            mark == null
                ? QuestionWindows.from(question, segmentStart, notBefore(question))
                : QuestionWindows.resumed(question, mark));
        changed |= mark == null;
      }
    }
    return changed;
  }

  private long notBefore(Question question) {
    Progress.Ended gone = ended.remove(new Version(question.id(), question.version()));
    return gone == null ? Long.MIN_VALUE : gone.nextStartMicros();
  }

  private void close(QuestionWindows question, long upTo, List<ClosedWindow> closed) {
    while (question.next().endMicros() <= upTo) {
      PtsRange next = question.next();
      Optional<HeldSegment> reached =
          held.stream().filter(s -> s.range().endMicros() > next.startMicros()).findFirst();
      if (reached.isPresent() && reached.get().range().overlaps(next)) {
        closeNext(question, Ending.COMPLETE, closed);
      } else {
        question.passTo(reached.map(s -> s.range().startMicros()).orElse(upTo));
      }
    }
  }

  private void closeNext(QuestionWindows question, Ending ending, List<ClosedWindow> closed) {
    PtsRange range = question.next();
    List<HeldSegment> inside = held.stream().filter(s -> s.range().overlaps(range)).toList();
    boolean lagging = inside.stream().anyMatch(held -> held.segment().content().lagging());
    inside.forEach(held -> held.take(range));
    closed.add(
        new ClosedWindow(
            question.asked(),
            question.bounds(),
            question.answerFormat(),
            range,
            ending == Ending.COMPLETE && lagging ? Ending.LAGGING : ending,
            WindowContent.of(range, inside.stream().map(HeldSegment::segment).toList())));
    question.advance();
  }

  /** The frames no open window takes: they came too late, or lie between windows. */
  private Set<VisualTokens> lateFrames(TakenSegment segment) {
    Set<VisualTokens> late = Collections.newSetFromMap(new IdentityHashMap<>());
    for (VisualTokens frame : segment.content().frames()) {
      long pts = frame.ptsMicros();
      if (questions.values().stream().noneMatch(question -> question.takes(pts))
          && questions.values().stream().anyMatch(question -> question.covers(pts))) {
        late.add(frame);
      }
    }
    return late;
  }

  private Closing closing(List<ClosedWindow> closed, boolean changed) {
    closed.sort(IN_ORDER);
    List<HeldSegment> over =
        held.stream()
            .filter(s -> questions.values().stream().noneMatch(q -> q.needs(s.range())))
            .toList();
    held.removeAll(over);
    List<RecordPosition> done = over.stream().map(s -> s.segment().position()).toList();
    FrameCounts counts =
        over.stream().map(HeldSegment::counts).reduce(FrameCounts.NONE, FrameCounts::plus);
    Progress.Placed before = placement.settled();
    placement.done(done);
    boolean placed = !questions.isEmpty() && !Objects.equals(before, placement.settled());
    boolean progressed = changed || placed || !closed.isEmpty();
    return new Closing(
        closed, done, progressed ? progress() : null, counts, SegmentNumbers.Arrival.IN_ORDER);
  }

  private Progress progress() {
    List<Progress.Mark> marks = new ArrayList<>(seeds.values());
    questions.values().forEach(question -> marks.add(question.mark()));
    List<Progress.Ended> gone = List.copyOf(ended.values());
    return new Progress(stream, acceptedMicros, placement.settled(), marks, gone);
  }
}
