package de.vertico.starface.module.core.model;

import de.vertico.starface.module.core.model.resource.ListResource;
import java.util.List;
import java.util.Map;

public class ModuleInstance extends ExecutableObject {
    private final List<Variable> inputVars;
    private final Map<String, ListResource> lists;

    public ModuleInstance(String id, String name, List<Variable> inputVars, Map<String, ListResource> lists) {
        super(id, name);
        this.inputVars = inputVars;
        this.lists = lists;
    }

    public boolean getDisabled() {
        return false;
    }

    public List<Variable> getInputVars() {
        return inputVars;
    }

    public ListResource getListResource(String id) {
        return lists.get(id);
    }
}
