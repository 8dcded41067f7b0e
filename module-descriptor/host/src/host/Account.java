package host;

import de.starface.integration.uci.java.v30.values.ChatPresence;
import de.starface.integration.uci.java.v30.values.TelephonyState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A user of the PBX. */
public final class Account {
    public final int id;
    public final String login;
    public final String firstName;
    public final String familyName;
    public final String email;
    public volatile ChatPresence presence = ChatPresence.AVAILABLE;
    public volatile String text = "";
    public volatile boolean doNotDisturb;
    /** What the function keys of others show. */
    volatile TelephonyState lamp = TelephonyState.AVAILABLE;
    volatile boolean isInCall;
    /** What is thrown at everybody who asks for this account; empty for nothing. */
    volatile String broken = "";
    /** What is thrown at everybody who writes to it; empty for nothing. */
    volatile String refusal = "";
    final List<NumberRecord> numbers = new ArrayList<>();
    final Map<String, String> mailboxes = new LinkedHashMap<>();

    Account(int id, String login, String firstName, String familyName, String email) {
        this.id = id;
        this.login = login;
        this.firstName = firstName;
        this.familyName = familyName;
        this.email = email;
    }

    /** Returns what the PBX tells of the lamp. */
    public TelephonyState shownTelephony() {
        if (!Exchange.PBX.hidesLamps()) {
            return lamp;
        }
        return isInCall ? TelephonyState.ACTIVE : TelephonyState.AVAILABLE;
    }

    /** Throws where the account is broken. */
    public void failIfBroken() {
        if (!broken.isEmpty()) {
            throw new IllegalStateException(broken);
        }
    }

    void failIfRefused() {
        failIfBroken();
        if (!refusal.isEmpty()) {
            throw new SecurityException(refusal);
        }
    }
}
