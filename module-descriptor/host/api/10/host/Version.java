package host;

import de.vertico.starface.module.core.runtime.IAGIRuntimeEnvironment;
import de.vertico.starface.module.core.runtime.InvocationInfo;

/** What sets STARFACE 10 apart. */
public final class Version {
    public static final String NAME = "10.0.0.25";

    private Version() {}

    static IAGIRuntimeEnvironment environment(InvocationInfo info, String channel) {
        return new Environment10(info, channel);
    }
}
