package de.vertico.starface.module.core.runtime;

import de.vertico.starface.module.core.model.ModuleInstance;

public class InvocationInfo {
    public ModuleInstance getModuleInstance() {
        throw new UnsupportedOperationException();
    }
}
