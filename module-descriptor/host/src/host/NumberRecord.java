package host;

import de.starface.integration.uci.java.v30.values.RedirectSettingDestinationType;
import de.starface.integration.uci.java.v30.values.RedirectSettingType;

/** The redirect of one called number for one trigger; that of a group is one for all its users. */
public final class NumberRecord {
    public final String number;
    public final RedirectSettingType trigger;
    public final boolean isGroup;
    public boolean enabled;
    public RedirectSettingDestinationType type = RedirectSettingDestinationType.PHONENUMBER;
    public String destination = "";
    public String lastNumber = "";
    /** Null until there was one. */
    public String lastMailbox;
    public int timeout;

    NumberRecord(String number, RedirectSettingType trigger, boolean isGroup) {
        this.number = number;
        this.trigger = trigger;
        this.isGroup = isGroup;
    }

    void set(boolean enabled, RedirectSettingDestinationType type, String destination) {
        this.enabled = enabled;
        this.type = type;
        this.destination = destination;
        if (destination.isEmpty()) {
            return;
        }
        if (type == RedirectSettingDestinationType.VOICEMAIL) {
            lastMailbox = destination;
        } else {
            lastNumber = destination;
        }
    }
}
