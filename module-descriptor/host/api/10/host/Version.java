package host;

import de.vertico.starface.module.core.runtime.IAGIRuntimeEnvironment;
import de.vertico.starface.module.core.runtime.InvocationInfo;

/** What sets STARFACE 10 apart. */
public final class Version {
    public static final String NAME = "10.0.0.25";

    private Version() {}

    /** Returns a component that only this version has, or null. */
    static Object bean(Class<?> type) {
        return null;
    }

    static IAGIRuntimeEnvironment environment(InvocationInfo info, String channel) {
        return new EnvironmentSince10(info, channel);
    }
}
