package de.vertico.starface.module.core.runtime.annotations;

import de.vertico.starface.module.core.model.VariableType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

@Retention(RetentionPolicy.RUNTIME)
public @interface InputVar {
    String label() default "";

    String description() default "";

    VariableType type() default VariableType.UNDEFINED;

    String[] possibleValues() default {};

    boolean valueByReferenceAllowed() default true;

    boolean valueByValueAllowed() default true;
}
