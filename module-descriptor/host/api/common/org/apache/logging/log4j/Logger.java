package org.apache.logging.log4j;

public interface Logger {
    void debug(Object message);

    void info(Object message);

    void info(String message);

    void info(String message, Object parameter);

    void warn(Object message);

    void warn(String message);
}
