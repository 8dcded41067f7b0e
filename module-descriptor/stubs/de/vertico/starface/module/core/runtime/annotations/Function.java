package de.vertico.starface.module.core.runtime.annotations;

import de.vertico.starface.module.core.model.Visibility;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

@Retention(RetentionPolicy.RUNTIME)
public @interface Function {
    Visibility visibility();

    boolean rookieFunction() default false;

    String description() default "";
}
