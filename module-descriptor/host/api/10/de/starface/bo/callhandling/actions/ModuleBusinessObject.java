package de.starface.bo.callhandling.actions;

import de.starface.callhandling.enums.HangupCause;
import de.starface.ch.processing.bo.api.pojo.data.PojoCall;
import host.Exchange;

/** Answers and ends calls itself: the built-in functions for it are not stood in for on this version. */
public class ModuleBusinessObject {
    public PojoCall getPojoCallByChannelName(String channel) {
        return new PojoCall(channel);
    }

    public void answer(String channel, int seconds) {
        Exchange.PBX.answer(channel);
    }

    public void hangup(String channel, HangupCause cause) {
        if (cause != HangupCause.NORMAL_CLEARING) {
            throw new IllegalArgumentException(String.valueOf(cause));
        }
        Exchange.PBX.hangUp(channel);
    }
}
