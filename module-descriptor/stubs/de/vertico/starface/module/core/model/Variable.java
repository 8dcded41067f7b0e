package de.vertico.starface.module.core.model;

public class Variable {
    public String getName() {
        throw new UnsupportedOperationException();
    }

    public VariableType getType() {
        throw new UnsupportedOperationException();
    }

    public String getValue() {
        throw new UnsupportedOperationException();
    }
}
