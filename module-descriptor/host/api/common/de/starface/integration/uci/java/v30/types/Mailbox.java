package de.starface.integration.uci.java.v30.types;

public class Mailbox {
    private final String id;
    private final String name;

    public Mailbox(String id, String name) {
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
