package de.vertico.starface.module.core.model;

/** In another order than the module was compiled with, as a real one may be. */
public enum VariableType {
    ASTERISK_SOUND_FILE,
    BOOLEAN,
    CALL_CHANNEL,
    CHAT_CONNECTION,
    DATE_TIME,
    DB_CONNECTION,
    FILE_RESOURCE,
    HTTP_ENTITY,
    INPUT_STREAM,
    LIST,
    MAP,
    NUMBER,
    OBJECT,
    OUTPUT_STREAM,
    PHONE_DEVICE,
    SHELL_SCRIPT_FILE,
    SNOM_SOUND_FILE,
    STARFACE_ACCOUNT,
    STARFACE_GROUP,
    STARFACE_USER,
    STRING,
    TIMER_SETTINGS,
    TIPTEL_SOUND_FILE,
    UCI_CALL,
    UNDEFINED
}
