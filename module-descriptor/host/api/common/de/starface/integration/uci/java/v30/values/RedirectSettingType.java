package de.starface.integration.uci.java.v30.values;

public enum RedirectSettingType {
    ALWAYS,
    BUSY,
    TIMEOUT
}
