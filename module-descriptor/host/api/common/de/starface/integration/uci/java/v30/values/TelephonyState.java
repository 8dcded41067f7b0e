package de.starface.integration.uci.java.v30.values;

public enum TelephonyState {
    UNAVAILABLE,
    RINGING,
    QUEUE_PAUSE,
    AVAILABLE,
    ACTIVE
}
