package host;

import de.starface.core.component.StarfaceComponentProvider;
import de.vertico.starface.module.core.runtime.IAGIRuntimeEnvironment;
import de.vertico.starface.module.core.runtime.InvocationInfo;
import org.apache.logging.log4j.Logger;

/** The surroundings of an invocation. Not public, as a real one may be. */
final class EnvironmentBefore10 implements IAGIRuntimeEnvironment {
    private final InvocationInfo info;
    private final String channel;

    EnvironmentBefore10(InvocationInfo info, String channel) {
        this.info = info;
        this.channel = channel;
    }

    @Override
    public InvocationInfo getInvocationInfo() {
        return info;
    }

    @Override
    public String getCallerChannelName() {
        return channel;
    }

    @Override
    public Logger getLog() {
        return Exchange.PBX.log;
    }

    @Override
    public StarfaceComponentProvider provider() {
        return new StarfaceComponentProvider();
    }
}
