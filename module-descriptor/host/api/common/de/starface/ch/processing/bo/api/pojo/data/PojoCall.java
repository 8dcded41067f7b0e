package de.starface.ch.processing.bo.api.pojo.data;

import host.Exchange;

public class PojoCall {
    private final String channel;

    public PojoCall(String channel) {
        this.channel = channel;
    }

    public PojoParticipant getCaller() {
        return new PojoParticipant(Exchange.PBX.callerOf(channel));
    }
}
