package de.starface.core.component;

import host.Version;

public class StarfaceComponentProvider {
    public Object fetch(Class<?> type) {
        return Version.bean(type);
    }
}
