package de.starface.integration.uci.java.v30.types;

import de.starface.integration.uci.java.v30.values.RedirectSettingDestinationType;
import de.starface.integration.uci.java.v30.values.RedirectSettingType;
import host.NumberRecord;
import java.util.List;

/** A copy of what the PBX has; changing it changes nothing there. */
public class RedirectSetting {
    private final String calledNumber;
    private final RedirectSettingType type;
    private boolean enabled;
    private final boolean groupRedirect;
    private RedirectSettingDestinationType destinationType;
    private String destination;
    private final String lastDestinationNumber;
    private final String lastDestinationMailbox;
    private int timeout;
    private final List<Mailbox> mailboxes;

    public RedirectSetting(NumberRecord record, List<Mailbox> mailboxes) {
        calledNumber = record.number;
        type = record.trigger;
        enabled = record.enabled;
        groupRedirect = record.isGroup;
        destinationType = record.type;
        destination = record.destination;
        lastDestinationNumber = record.lastNumber;
        lastDestinationMailbox = record.lastMailbox;
        timeout = record.timeout;
        this.mailboxes = mailboxes;
    }

    public String getCalledNumber() {
        return calledNumber;
    }

    public RedirectSettingType getType() {
        return type;
    }

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public boolean isGroupRedirect() {
        return groupRedirect;
    }

    public RedirectSettingDestinationType getDestinationType() {
        return destinationType;
    }

    public void setDestinationType(RedirectSettingDestinationType destinationType) {
        this.destinationType = destinationType;
    }

    public String getDestination() {
        return destination;
    }

    public void setDestination(String destination) {
        this.destination = destination;
    }

    public String getLastDestinationNumber() {
        return lastDestinationNumber;
    }

    public String getLastDestinationMailbox() {
        return lastDestinationMailbox;
    }

    public int getTimeout() {
        return timeout;
    }

    public void setTimeout(int timeout) {
        this.timeout = timeout;
    }

    public List<Mailbox> getMailboxes() {
        return mailboxes;
    }
}
