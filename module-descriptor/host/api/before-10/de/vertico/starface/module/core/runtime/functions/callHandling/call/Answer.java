package de.vertico.starface.module.core.runtime.functions.callHandling.call;

import de.vertico.starface.module.core.runtime.IAGIJavaExecutable;
import de.vertico.starface.module.core.runtime.IAGIRuntimeEnvironment;
import host.Exchange;

public class Answer implements IAGIJavaExecutable {
    @Override
    public void execute(IAGIRuntimeEnvironment environment) {
        Exchange.PBX.answer(environment.getCallerChannelName());
    }
}
