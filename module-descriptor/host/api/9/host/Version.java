package host;

import de.starface.bo.BusinessObjects;
import de.starface.bo.UserStateBusinessObject;
import de.vertico.starface.module.core.runtime.IAGIRuntimeEnvironment;
import de.vertico.starface.module.core.runtime.InvocationInfo;
import de.vertico.starface.persistence.connector.PersonAndAccountHandler;

/** What sets STARFACE 9 apart. */
public final class Version {
    public static final String NAME = "9.0.3.4";

    private Version() {}

    /** Returns a component, or null: the users' states are handed out by another one. */
    public static Object bean(Class<?> type) {
        if (type == BusinessObjects.class) {
            return new BusinessObjects();
        }
        if (type == PersonAndAccountHandler.class) {
            return new PersonAndAccountHandler();
        }
        return type == UserStateBusinessObject.class ? null : Components.bean(type);
    }

    static IAGIRuntimeEnvironment environment(InvocationInfo info, String channel) {
        return new Environment9(info, channel);
    }
}
