package de.starface.callhandling.enums;

public enum HangupCause {
    USER_BUSY,
    NORMAL_CLEARING
}
