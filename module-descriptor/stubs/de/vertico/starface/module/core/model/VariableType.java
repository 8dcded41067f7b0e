package de.vertico.starface.module.core.model;

public enum VariableType {
    BOOLEAN,
    LIST,
    MAP,
    NUMBER,
    OBJECT,
    STARFACE_GROUP,
    STARFACE_USER,
    STRING
}
