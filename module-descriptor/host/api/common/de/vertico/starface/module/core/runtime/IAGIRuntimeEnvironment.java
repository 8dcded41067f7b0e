package de.vertico.starface.module.core.runtime;

public interface IAGIRuntimeEnvironment extends IRuntimeEnvironment {
    String getCallerChannelName();
}
