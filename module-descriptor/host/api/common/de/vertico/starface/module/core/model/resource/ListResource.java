package de.vertico.starface.module.core.model.resource;

import java.util.ArrayList;
import java.util.List;

public class ListResource extends Resource {
    private volatile List<String> values = new ArrayList<>();

    public List<String> getValues() {
        return values;
    }

    public void setValues(List<String> values) {
        this.values = values;
    }
}
