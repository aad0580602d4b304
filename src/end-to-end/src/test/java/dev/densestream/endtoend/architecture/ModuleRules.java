package dev.densestream.endtoend.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** Who may use whom, where the big libraries may be touched, and what things may be called. */
final class ModuleRules {
  private static final String ROOT = "dev.densestream.";

  /** Left to right, as the data flows. */
  static final List<String> MODULES =
      List.of("ingest", "framesampler", "visionpipeline", "answerservice");

  private static final Set<String> BANNED_WORDS =
      Set.of(
          "Util",
          "Utils",
          "Helper",
          "Helpers",
          "Manager",
          "Impl",
          "Processor",
          "Handler",
          "Service",
          "Data",
          "Info",
          "Common",
          "Base",
          "Abstract");

  private static final Pattern WORD = Pattern.compile("[A-Z][a-z0-9]*");

  /**
   * Records flow through, so a module may use the root package of any module to its left; a
   * sub-package never, and nothing to its right.
   */
  static final ArchRule DEPENDENCIES_POINT_LEFT =
      classes()
          .should(
              condition(
                  "use other modules' root packages to their left alone",
                  ModuleRules::checkDependencies));

  static final ArchRule FFMPEG_STAYS_IN_DECODE =
      only(List.of("org.bytedeco.."), "dev.densestream.framesampler.decode..");

  static final ArchRule DJL_STAYS_IN_THE_RUNTIMES =
      only(
          List.of("ai.djl.."),
          "dev.densestream.visionpipeline.runtime..",
          "dev.densestream.answerservice.tokenizer..");

  /** Clients, and the broker in process. */
  static final ArchRule KAFKA_STAYS_IN_TOPIC =
      only(List.of("org.apache.kafka..", "kafka.."), "dev.densestream.ingest.topic..");

  /**
   * The JDK reads once, when its client is first used, which headers may be set; capture needs one
   * that it forbids, and says so before it makes a client.
   */
  static final ArchRule HTTP_CLIENTS_STAY_IN_SOURCE =
      only(List.of("java.net.http.."), "dev.densestream.ingest.source..");

  static final ArchRule NAMES_SAY_THE_ROLE =
      classes().should(condition("have names without empty words", ModuleRules::checkName));

  static final ArchRule PACKAGES_ARE_DESCRIBED =
      classes()
          .should(
              condition(
                  "lie in a package with a @NullMarked package-info", ModuleRules::checkPackage));

  private ModuleRules() {}

  private static ArchRule only(List<String> libraries, String... places) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(places)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries.toArray(String[]::new));
  }

  private static void checkDependencies(JavaClass type, ConditionEvents events) {
    int own = moduleOf(type.getPackageName());
    for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
      String other = dependency.getTargetClass().getBaseComponentType().getPackageName();
      int module = moduleOf(other);
      boolean root = module >= 0 && other.equals(ROOT + MODULES.get(module));
      if (own >= 0 && module >= 0 && module != own && (module > own || !root)) {
        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
      }
    }
  }

  private static int moduleOf(String packageName) {
    for (int module = 0; module < MODULES.size(); module++) {
      String root = ROOT + MODULES.get(module);
      if (packageName.equals(root) || packageName.startsWith(root + ".")) {
        return module;
      }
    }
    return -1;
  }

  private static void checkName(JavaClass type, ConditionEvents events) {
    Set<String> words =
        WORD.matcher(type.getSimpleName())
            .results()
            .map(match -> match.group())
            .collect(Collectors.toSet());
    words.retainAll(BANNED_WORDS);
    if (!words.isEmpty()) {
      events.add(SimpleConditionEvent.violated(type, type.getName() + " is named " + words));
    }
  }

  private static void checkPackage(JavaClass type, ConditionEvents events) {
    JavaPackage place = type.getPackage();
    boolean described =
        place.tryGetPackageInfo().map(info -> info.isAnnotatedWith(NullMarked.class)).orElse(false);
    if (!described) {
      events.add(SimpleConditionEvent.violated(type, place.getName() + " has no package-info"));
    }
  }

  private static ArchCondition<JavaClass> condition(String description, Check check) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        check.accept(type, events);
      }
    };
  }

  private interface Check {
    void accept(JavaClass type, ConditionEvents events);
  }
}
