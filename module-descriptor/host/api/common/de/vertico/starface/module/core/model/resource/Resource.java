package de.vertico.starface.module.core.model.resource;

public abstract class Resource {
    private String id;

    public String getId() {
        return id;
    }

    public void setId(String id) {
        this.id = id;
    }
}
