package de.vertico.starface.module.core.runtime;

import de.vertico.starface.module.core.model.Module;
import de.vertico.starface.module.core.model.ModuleInstance;

public class InvocationInfo {
    private final Module module;
    private final ModuleInstance instance;

    public InvocationInfo(Module module, ModuleInstance instance) {
        this.module = module;
        this.instance = instance;
    }

    public Module getModule() {
        return module;
    }

    public ModuleInstance getModuleInstance() {
        return instance;
    }
}
