package de.starface.ch.processing.bo.api.events;

import de.starface.core.component.events.Event;
import de.starface.integration.uci.java.v30.values.TelephonyState;

public class TelephonyStateChangedEvent extends Event {
    public final int accountId;
    public final TelephonyState state;

    public TelephonyStateChangedEvent(int accountId, TelephonyState state) {
        this.accountId = accountId;
        this.state = state;
    }
}
