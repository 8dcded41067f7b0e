package de.starface.bo;

import de.starface.integration.uci.java.v30.types.UserState;
import host.Exchange;

public class UserStateBusinessObject {
    public UserState getUserState(int accountId) {
        return Exchange.PBX.userState(accountId);
    }
}
