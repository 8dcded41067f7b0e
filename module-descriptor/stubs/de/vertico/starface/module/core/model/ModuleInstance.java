package de.vertico.starface.module.core.model;

import de.vertico.starface.module.core.model.resource.ListResource;
import java.util.List;

public class ModuleInstance {
    public String getId() {
        throw new UnsupportedOperationException();
    }

    public List<Variable> getInputVars() {
        throw new UnsupportedOperationException();
    }

    public ListResource getListResource(String id) {
        throw new UnsupportedOperationException();
    }
}
