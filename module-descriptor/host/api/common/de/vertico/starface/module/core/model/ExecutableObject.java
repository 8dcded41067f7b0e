package de.vertico.starface.module.core.model;

/** Holds what the module was compiled to find in the class below it, as a real one may. */
public abstract class ExecutableObject {
    private final String id;
    private final String name;

    protected ExecutableObject(String id, String name) {
        this.id = id;
        this.name = name;
    }

    public String getId() {
        return id;
    }

    public String getName() {
        return name;
    }
}
