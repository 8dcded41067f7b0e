package de.starface.bo;

import de.vertico.starface.persistence.databean.core.ExtendedUserData;
import host.Exchange;
import java.util.List;

public class UserBusinessObject {
    public List<ExtendedUserData> getUsers() {
        return Exchange.PBX.users();
    }

    public ExtendedUserData getUserByAccountId(int accountId) {
        return Exchange.PBX.user(accountId);
    }
}
