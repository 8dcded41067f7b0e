package de.vertico.starface.module.core.runtime.annotations;

import de.vertico.starface.module.core.model.Visibility;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Without the element "rookieFunction", which was dropped once. */
@Retention(RetentionPolicy.RUNTIME)
public @interface Function {
    Visibility visibility() default Visibility.Public;

    String name() default "";

    String description() default "";
}
