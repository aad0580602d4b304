package dev.densestream.endtoend.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.function.Predicate;

/** Who may start work, and that every place where things can pile up states how many may. */
final class ReactiveRules {
  /** Operators that hold or start several elements; each has an overload with the number. */
  private static final Set<String> HOLDING =
      Set.of(
          "flatMap",
          "flatMapDelayError",
          "flatMapIterable",
          "flatMapSequential",
          "flatMapSequentialDelayError",
          "concatMap",
          "concatMapDelayError",
          "concatMapIterable",
          "publishOn",
          "buffer",
          "bufferUntil",
          "bufferUntilChanged",
          "bufferWhile",
          "bufferWhen",
          "window",
          "windowUntil",
          "windowUntilChanged",
          "windowWhile",
          "windowWhen",
          "groupBy",
          "onBackpressureBuffer",
          "parallel",
          "publish",
          "replay",
          "cache",
          "share");

  private static final Set<String> STARTING =
      Set.of(
          "subscribe",
          "block",
          "blockFirst",
          "blockLast",
          "blockOptional",
          "toIterable",
          "toStream",
          "toFuture",
          "connect",
          "autoConnect");

  private static final Set<String> UNBOUNDED_QUEUES =
      Set.of(
          "java.util.concurrent.LinkedBlockingQueue",
          "java.util.concurrent.LinkedBlockingDeque",
          "java.util.concurrent.LinkedTransferQueue",
          "java.util.concurrent.PriorityBlockingQueue",
          "java.util.concurrent.ConcurrentLinkedQueue",
          "java.util.concurrent.ConcurrentLinkedDeque");

  private ReactiveRules() {}

  /** Work is started by the one lifecycle owner, and by commands, which end with it. */
  static ArchRule workIsStartedByItsOwner(String... owners) {
    return noClasses()
        .that()
        .resideOutsideOfPackages("dev.densestream.answerservice.command..")
        .and(notNamed(owners))
        .should()
        .accessTargetWhere(
            call(
                "starts or waits for a publisher",
                target -> ofReactor(target) && STARTING.contains(target.getName())));
  }

  static final ArchRule OPERATORS_STATE_THEIR_BOUND =
      noClasses()
          .should()
          .accessTargetWhere(
              call(
                  "calls an operator without a number",
                  target ->
                      ofFlux(target)
                          && HOLDING.contains(target.getName())
                          && target.getRawParameterTypes().stream()
                              .noneMatch(type -> type.isEquivalentTo(int.class))));

  /** {@code Flux.create} buffers without end unless told otherwise. */
  static final ArchRule CREATED_FLUXES_STATE_THEIR_OVERFLOW =
      noClasses()
          .should()
          .accessTargetWhere(
              call(
                  "creates a flux without an overflow strategy",
                  target ->
                      ofFlux(target)
                          && Set.of("create", "push").contains(target.getName())
                          && target.getRawParameterTypes().size() == 1))
          .orShould()
          .accessField("reactor.core.publisher.FluxSink$OverflowStrategy", "BUFFER");

  static final ArchRule SINKS_ARE_BOUNDED =
      noClasses()
          .should()
          .accessTargetWhere(
              call(
                  "makes a sink without a bound",
                  target ->
                      target.getOwner().getName().startsWith("reactor.core.publisher.Sinks$")
                          && (target.getName().equals("all") || isUnstatedBuffer(target))));

  static ArchRule queuesAreBounded(String... exceptions) {
    return noClasses()
        .that(notNamed(exceptions))
        .should()
        .accessTargetWhere(
            call(
                "makes a queue without a bound",
                target -> isUnboundedQueue(target) || isUnboundedSupplier(target)));
  }

  /**
   * Offsets committed with metadata made up from a group's name are accepted from a member that has
   * lost its partitions: the answers are then written twice. The consumer's own must be used.
   */
  static ArchRule offsetsCarryTheConsumersMetadata(String... exceptions) {
    return noClasses()
        .that(notNamed(exceptions))
        .should()
        .accessTargetWhere(
            call(
                "makes up group metadata",
                target ->
                    target
                            .getOwner()
                            .getName()
                            .equals("org.apache.kafka.clients.consumer.ConsumerGroupMetadata")
                        && target.getName().equals("<init>")));
  }

  private static boolean isUnstatedBuffer(CodeUnitAccessTarget target) {
    return target.getName().equals("onBackpressureBuffer")
        && target.getRawParameterTypes().isEmpty();
  }

  private static boolean isUnboundedQueue(CodeUnitAccessTarget target) {
    return UNBOUNDED_QUEUES.contains(target.getOwner().getName())
        && target.getName().equals("<init>")
        && target.getRawParameterTypes().isEmpty();
  }

  private static boolean isUnboundedSupplier(CodeUnitAccessTarget target) {
    return target.getOwner().getName().equals("reactor.util.concurrent.Queues")
        && target.getName().startsWith("unbounded");
  }

  private static boolean ofFlux(CodeUnitAccessTarget target) {
    String owner = target.getOwner().getName();
    return owner.equals("reactor.core.publisher.Flux")
        || owner.equals("reactor.core.publisher.ParallelFlux");
  }

  private static boolean ofReactor(CodeUnitAccessTarget target) {
    String owner = target.getOwner().getName();
    return owner.startsWith("reactor.core.publisher.")
        || owner.equals("org.reactivestreams.Publisher");
  }

  private static DescribedPredicate<JavaClass> notNamed(String... names) {
    Set<String> owners = Set.of(names);
    return DescribedPredicate.describe(
        "are not one of " + owners,
        type -> !owners.contains(type.getName().replaceAll("\\$.*", "")));
  }

  /** Calls and method references alike. */
  private static DescribedPredicate<JavaAccess<?>> call(
      String description, Predicate<CodeUnitAccessTarget> matches) {
    return DescribedPredicate.describe(
        description,
        access ->
            access.getTarget() instanceof CodeUnitAccessTarget target && matches.test(target));
  }
}
