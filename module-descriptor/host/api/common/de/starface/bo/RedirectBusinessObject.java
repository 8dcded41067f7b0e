package de.starface.bo;

import de.starface.integration.uci.java.v30.types.RedirectSetting;
import de.starface.integration.uci.java.v30.values.OrderDirection;
import de.starface.integration.uci.java.v30.values.RedirectSettingProperties;
import de.starface.integration.uci.java.v30.values.RedirectSettingType;
import host.Exchange;
import java.util.List;

public class RedirectBusinessObject {
    public List<RedirectSetting> getRedirectSettings(
            int accountId,
            RedirectSettingType type,
            String group,
            RedirectSettingProperties orderBy,
            OrderDirection order) {
        if (orderBy != RedirectSettingProperties.calledNumber || order != OrderDirection.ASCENDING || !group.isEmpty()) {
            throw new IllegalArgumentException("only numbers of all groups in rising order are stood in for");
        }
        return Exchange.PBX.redirects(accountId, type);
    }

    public void setRedirectSetting(int actingAccountId, int accountId, RedirectSetting setting) {
        Exchange.PBX.setRedirect(actingAccountId, accountId, setting);
    }
}
