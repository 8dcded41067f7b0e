package de.vertico.starface.module.core.runtime.functions.callHandling.call;

import de.vertico.starface.module.core.runtime.IAGIJavaExecutable;
import de.vertico.starface.module.core.runtime.IAGIRuntimeEnvironment;
import host.Exchange;

public class GetCaller2 implements IAGIJavaExecutable {
    public String callerName;
    public int account;

    @Override
    public void execute(IAGIRuntimeEnvironment environment) {
        callerName = "";
        account = Exchange.PBX.callerOf(environment.getCallerChannelName());
    }
}
