package de.vertico.starface.module.core.runtime.annotations;

import de.vertico.starface.module.core.model.VariableType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

@Retention(RetentionPolicy.RUNTIME)
public @interface OutputVar {
    String label() default "";

    String description() default "";

    VariableType type() default VariableType.UNDEFINED;
}
