package de.vertico.starface.persistence.connector;

import host.Exchange;

public class PersonAndAccountHandler {
    public void setDoNotDisturbSetting(int accountId, boolean on) {
        Exchange.PBX.setDoNotDisturb(accountId, on);
    }
}
