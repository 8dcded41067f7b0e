package de.vertico.starface.module.core.model.resource;

import java.util.List;

public class ListResource {
    public List<String> getValues() {
        throw new UnsupportedOperationException();
    }
}
