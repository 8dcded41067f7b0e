package de.vertico.starface.module.core.runtime;

public interface IRuntimeEnvironment {
    InvocationInfo getInvocationInfo();
}
