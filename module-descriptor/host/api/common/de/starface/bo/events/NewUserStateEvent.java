package de.starface.bo.events;

import de.starface.core.component.events.Event;
import de.starface.integration.uci.java.v30.types.UserState;

public class NewUserStateEvent extends Event {
    public final int accountId;
    public final UserState state;

    public NewUserStateEvent(int accountId, UserState state) {
        this.accountId = accountId;
        this.state = state;
    }
}
