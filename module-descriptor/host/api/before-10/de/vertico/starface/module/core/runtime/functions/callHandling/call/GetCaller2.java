package de.vertico.starface.module.core.runtime.functions.callHandling.call;

import de.vertico.starface.module.core.runtime.IAGIJavaExecutable;
import de.vertico.starface.module.core.runtime.IAGIRuntimeEnvironment;

/** As on this version, without the caller's account. */
public class GetCaller2 implements IAGIJavaExecutable {
    public String callerName;

    @Override
    public void execute(IAGIRuntimeEnvironment environment) {
        callerName = "";
    }
}
