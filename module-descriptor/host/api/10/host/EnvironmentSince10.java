package host;

import de.vertico.starface.module.core.runtime.IAGIRuntimeEnvironment;
import de.vertico.starface.module.core.runtime.InvocationInfo;
import org.apache.logging.log4j.Logger;
import org.springframework.context.ApplicationContext;

/** The surroundings of an invocation. Not public, as a real one may be. */
final class EnvironmentSince10 implements IAGIRuntimeEnvironment, ApplicationContext {
    private final InvocationInfo info;
    private final String channel;

    EnvironmentSince10(InvocationInfo info, String channel) {
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
    public ApplicationContext springApplicationContext() {
        return this;
    }

    @Override
    public <T> T getBean(Class<T> type) {
        Object bean = Components.bean(type);
        if (bean == null) {
            throw new IllegalStateException("No qualifying bean of type '" + type.getName() + "' available");
        }
        return type.cast(bean);
    }

    @Override
    public Object getBean(String name) {
        throw new IllegalStateException("No bean named '" + name + "' available");
    }

    @Override
    public String getApplicationName() {
        return "";
    }
}
