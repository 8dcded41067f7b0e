package de.vertico.starface.module.core.runtime;

public interface IBaseExecutable {
    void execute(IRuntimeEnvironment environment) throws Exception;
}
