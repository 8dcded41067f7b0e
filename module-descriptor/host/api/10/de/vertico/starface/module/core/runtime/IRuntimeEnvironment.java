package de.vertico.starface.module.core.runtime;

import org.apache.logging.log4j.Logger;
import org.springframework.context.ApplicationContext;

public interface IRuntimeEnvironment {
    InvocationInfo getInvocationInfo();

    Logger getLog();

    ApplicationContext springApplicationContext();
}
