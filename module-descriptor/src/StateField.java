import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The fields of what a user shows that can be written, by their names on the wire. */
final class StateField {
    static final String PRESENCE = "chatPresence";
    static final String TEXT = "chatPresenceMessage";
    static final String INDICATOR = "telephonyState";
    static final String DND = "doNotDisturb";

    static final List<String> ALL = Collections.unmodifiableList(Arrays.asList(PRESENCE, TEXT, INDICATOR, DND));

    private StateField() {}

    /** Returns whether this STARFACE knows a value. */
    static boolean knows(String field, String value) throws PbxException {
        switch (field) {
            case PRESENCE:
                return Symbol.constant(Api.PRESENCE, value) != null;
            case INDICATOR:
                return Symbol.constant(Api.TELEPHONY, value) != null;
            case DND:
                return value.equals("true") || value.equals("false");
            default:
                return true;
        }
    }
}
