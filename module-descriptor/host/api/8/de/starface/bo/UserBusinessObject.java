package de.starface.bo;

import de.vertico.starface.persistence.databean.core.ExtendedUserData;
import host.Exchange;
import java.util.List;

/** Gives all users or none, and switches do not disturb itself. */
public class UserBusinessObject {
    public List<ExtendedUserData> getUsers() {
        return Exchange.PBX.users();
    }

    public void setDnd(int accountId, boolean on) {
        Exchange.PBX.setDoNotDisturb(accountId, on);
    }
}
