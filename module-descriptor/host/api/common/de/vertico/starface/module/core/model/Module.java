package de.vertico.starface.module.core.model;

public class Module extends ExecutableObject {
    private final long version;

    public Module(String id, String name, long version) {
        super(id, name);
        this.version = version;
    }

    public long getVersion() {
        return version;
    }
}
