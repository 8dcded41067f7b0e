package de.vertico.starface.module.core.model;

public enum Visibility {
    Deprecated,
    Private,
    Public
}
