package host;

import de.starface.bo.RedirectBusinessObject;
import de.starface.bo.UserBusinessObject;
import de.starface.bo.UserStateBusinessObject;
import de.starface.bo.callhandling.actions.ModuleBusinessObject;
import de.starface.core.component.events.StarfaceEventService;

/** The components that every version hands out. */
public final class Components {
    private Components() {}

    public static Object bean(Class<?> type) {
        if (type == UserBusinessObject.class) {
            return new UserBusinessObject();
        }
        if (type == UserStateBusinessObject.class) {
            return new UserStateBusinessObject();
        }
        if (type == RedirectBusinessObject.class) {
            return new RedirectBusinessObject();
        }
        if (type == ModuleBusinessObject.class) {
            return new ModuleBusinessObject();
        }
        if (type == StarfaceEventService.class) {
            return new StarfaceEventService();
        }
        return Version.bean(type);
    }
}
