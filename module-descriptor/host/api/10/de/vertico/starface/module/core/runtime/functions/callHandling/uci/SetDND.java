package de.vertico.starface.module.core.runtime.functions.callHandling.uci;

import de.vertico.starface.module.core.runtime.IBaseExecutable;
import de.vertico.starface.module.core.runtime.IRuntimeEnvironment;
import host.Exchange;

public class SetDND implements IBaseExecutable {
    public int userId;
    public boolean activate;

    @Override
    public void execute(IRuntimeEnvironment environment) {
        Exchange.PBX.setDoNotDisturb(userId, activate);
    }
}
