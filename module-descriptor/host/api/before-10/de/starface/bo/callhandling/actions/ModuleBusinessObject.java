package de.starface.bo.callhandling.actions;

import de.starface.ch.processing.bo.api.pojo.data.PojoCall;

public class ModuleBusinessObject {
    public PojoCall getPojoCallByChannelName(String channel) {
        return new PojoCall(channel);
    }
}
