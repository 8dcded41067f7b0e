package de.vertico.starface.module.core.runtime.functions.entities;

import de.vertico.starface.module.core.runtime.IBaseExecutable;
import de.vertico.starface.module.core.runtime.IRuntimeEnvironment;
import host.Exchange;
import java.util.List;

public class GetUsersOfGroup2 implements IBaseExecutable {
    public int groupId;
    public boolean activeOnly = true;
    public boolean excludeDND = true;
    public List<Integer> usersOfGroup;

    @Override
    public void execute(IRuntimeEnvironment environment) {
        usersOfGroup = Exchange.PBX.usersOfGroup(groupId, activeOnly || excludeDND);
    }
}
