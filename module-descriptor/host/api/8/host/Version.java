package host;

import de.vertico.starface.module.core.runtime.IAGIRuntimeEnvironment;
import de.vertico.starface.module.core.runtime.InvocationInfo;

/** What sets STARFACE 8 apart. */
public final class Version {
    public static final String NAME = "8.1.2.2";

    private Version() {}

    /** Returns a component that only this version has, or null. */
    static Object bean(Class<?> type) {
        return null;
    }

    static IAGIRuntimeEnvironment environment(InvocationInfo info, String channel) {
        return new EnvironmentBefore10(info, channel);
    }
}
