package de.vertico.starface.module.core.runtime.functions.entities;

import de.vertico.starface.module.core.runtime.IBaseExecutable;
import de.vertico.starface.module.core.runtime.IRuntimeEnvironment;
import host.Version;

public class GetStarfaceVersion implements IBaseExecutable {
    public String starfaceVersion;

    @Override
    public void execute(IRuntimeEnvironment environment) {
        starfaceVersion = Version.NAME;
    }
}
