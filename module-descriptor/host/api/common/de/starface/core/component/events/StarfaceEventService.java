package de.starface.core.component.events;

import host.Exchange;
import org.apache.logging.log4j.Logger;

public class StarfaceEventService {
    public void publish(Event event, Logger log) {
        log.debug("published");
        Exchange.PBX.publish(event);
    }

    /** Another overload with as many parameters, which must not be taken for the one above. */
    public void publish(String name, Logger log) {
        throw new IllegalArgumentException(name);
    }
}
