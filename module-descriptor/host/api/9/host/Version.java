package host;

import de.vertico.starface.persistence.connector.PersonAndAccountHandler;
import de.vertico.starface.module.core.runtime.IAGIRuntimeEnvironment;
import de.vertico.starface.module.core.runtime.InvocationInfo;

/** What sets STARFACE 9 apart. */
public final class Version {
    public static final String NAME = "9.0.3.4";

    private Version() {}

    /** Returns a component that only this version has, or null. */
    static Object bean(Class<?> type) {
        return type == PersonAndAccountHandler.class ? new PersonAndAccountHandler() : null;
    }

    static IAGIRuntimeEnvironment environment(InvocationInfo info, String channel) {
        return new EnvironmentBefore10(info, channel);
    }
}
