package dev.densestream.answerservice;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The component exists only in a process that has the role. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Conditional(ForRole.Present.class)
public @interface ForRole {
  Role value();

  /** Looks the role up in {@code densestream.roles}. */
  final class Present implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      Set<Role> roles =
          Binder.get(context.getEnvironment())
              .bind("densestream.roles", Bindable.setOf(Role.class))
              .orElse(Set.of(Role.values()));
      return metadata
          .getAnnotations()
          .get(ForRole.class)
          .getValue("value", Role.class)
          .map(roles::contains)
          .orElse(false);
    }
  }
}
