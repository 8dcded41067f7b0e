package de.vertico.starface.module.core.runtime;

public interface IAGIJavaExecutable {
    void execute(IAGIRuntimeEnvironment environment) throws Exception;
}
