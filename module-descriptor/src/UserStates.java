import java.util.LinkedHashMap;
import java.util.Map;

/** What users show, read from and written to STARFACE. Presence and text are one object there, and are one write. */
final class UserStates {
    private final Pbx pbx;
    private final Users users;
    private final DoNotDisturb doNotDisturb;

    UserStates(Pbx pbx) {
        this.pbx = pbx;
        users = new Users(pbx);
        doNotDisturb = new DoNotDisturb(pbx, users);
    }

    /** Returns every field with its value, empty where it cannot be told; null for an account that is no user's. */
    Map<String, String> read(int account) throws PbxException {
        Object state = state(account);
        if (state == null) {
            return null;
        }
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put(StateField.PRESENCE, Symbol.nameOf(Api.STATE_PRESENCE.call(state)));
        shown.put(StateField.TEXT, Words.clean((String) Api.STATE_TEXT.call(state)));
        shown.put(StateField.INDICATOR, telephony(state));
        shown.put(StateField.DND, users.doNotDisturb(account));
        return shown;
    }

    /** Writes fields whose values are known. Returns the words of each that was not accepted. */
    Map<String, String> write(int account, Map<String, String> values) {
        Map<String, String> errors = new LinkedHashMap<>();
        if (values.containsKey(StateField.PRESENCE) || values.containsKey(StateField.TEXT)) {
            try {
                writeChat(account, values);
            } catch (PbxException refused) {
                note(errors, values, StateField.PRESENCE, refused);
                note(errors, values, StateField.TEXT, refused);
            }
        }
        if (values.containsKey(StateField.INDICATOR)) {
            try {
                Object state = Symbol.constant(Api.TELEPHONY, values.get(StateField.INDICATOR));
                pbx.publish(Api.NEW_TELEPHONY_EVENT.make(account, state));
            } catch (PbxException refused) {
                note(errors, values, StateField.INDICATOR, refused);
            }
        }
        if (values.containsKey(StateField.DND)) {
            try {
                doNotDisturb.write(account, values.get(StateField.DND));
                users.refresh();
            } catch (PbxException refused) {
                note(errors, values, StateField.DND, refused);
            }
        }
        return errors;
    }

    private void writeChat(int account, Map<String, String> values) throws PbxException {
        Object state = state(account);
        if (state == null) {
            throw new PbxException("the account is no user's any more");
        }
        String presence = values.get(StateField.PRESENCE);
        if (presence != null) {
            Api.SET_STATE_PRESENCE.call(state, Symbol.constant(Api.PRESENCE, presence));
        }
        String text = values.get(StateField.TEXT);
        if (text != null) {
            Api.SET_STATE_TEXT.call(state, text);
        }
        pbx.publish(Api.NEW_STATE_EVENT.make(account, state));
    }

    private Object state(int account) throws PbxException {
        return Api.STATE_OF_ACCOUNT.call(bean(), account);
    }

    /** Where a version does not offer it directly, another component hands it out. */
    private Object bean() throws PbxException {
        try {
            return pbx.bean(Api.USER_STATES);
        } catch (PbxException missing) {
            if (!Api.USER_STATES_OF_9.exists()) {
                throw missing;
            }
            return Api.USER_STATES_OF_9.call(pbx.bean(Api.BUSINESS_OBJECTS));
        }
    }

    private static String telephony(Object state) {
        try {
            return Symbol.nameOf(Api.STATE_TELEPHONY.call(state));
        } catch (PbxException unknown) {
            return "";
        }
    }

    private static void note(
            Map<String, String> errors, Map<String, String> values, String field, PbxException refused) {
        if (values.containsKey(field)) {
            errors.put(field, Words.of(refused));
        }
    }
}
