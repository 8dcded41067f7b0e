package de.vertico.starface.module.core.model;

public class Variable {
    private final String id;
    private final String name;
    private final VariableType type;
    private volatile String value;

    public Variable(String id, String name, VariableType type, String value) {
        this.id = id;
        this.name = name;
        this.type = type;
        this.value = value;
    }

    public String getId() {
        return id;
    }

    public String getName() {
        return name;
    }

    public VariableType getType() {
        return type;
    }

    public String getValue() {
        return value;
    }

    public void setValue(String value) {
        this.value = value;
    }
}
