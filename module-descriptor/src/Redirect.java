import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The redirect of one called number, in the object that STARFACE gave and takes back. */
final class Redirect {
    static final String ENABLED = "enabled";
    static final String DESTINATION_TYPE = "destinationType";
    static final String DESTINATION = "destination";

    private final Object setting;

    Redirect(Object setting) {
        this.setting = setting;
    }

    String number() throws PbxException {
        return text(Api.REDIRECT_NUMBER);
    }

    boolean isGroup() throws PbxException {
        return Boolean.TRUE.equals(Api.REDIRECT_IS_GROUP.call(setting));
    }

    /** Returns the fields that can be written. */
    Map<String, String> shown() throws PbxException {
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put(ENABLED, String.valueOf(Api.REDIRECT_ENABLED.call(setting)));
        shown.put(DESTINATION_TYPE, Symbol.nameOf(Api.REDIRECT_TYPE.call(setting)));
        shown.put(DESTINATION, text(Api.REDIRECT_DESTINATION));
        return shown;
    }

    /** Returns everything there is, as it goes over the wire. */
    Map<String, Object> tree() throws PbxException {
        Map<String, Object> tree = Tree.make();
        tree.put("calledNumber", number());
        tree.put("type", Redirects.ALWAYS);
        tree.put("groupRedirect", String.valueOf(isGroup()));
        tree.putAll(shown());
        tree.put("lastDestinationNumber", textIfKnown(Api.REDIRECT_LAST_NUMBER));
        tree.put("lastDestinationMailbox", textIfKnown(Api.REDIRECT_LAST_MAILBOX));
        tree.put("timeout", textIfKnown(Api.REDIRECT_TIMEOUT));
        tree.put("mailboxes", mailboxes());
        return tree;
    }

    /** Changes the object, which {@link Redirects#write} then hands to STARFACE. */
    Object changed(Map<String, String> values) throws PbxException {
        Api.SET_REDIRECT_ENABLED.call(setting, values.get(ENABLED).equals("true"));
        String type = values.get(DESTINATION_TYPE);
        Api.SET_REDIRECT_TYPE.call(setting, type.isEmpty() ? null : Symbol.constant(Api.DESTINATION, type));
        Api.SET_REDIRECT_DESTINATION.call(setting, values.get(DESTINATION));
        return setting;
    }

    private Map<String, Object> mailboxes() throws PbxException {
        Map<String, Object> names = Tree.make();
        Object boxes = Api.REDIRECT_MAILBOXES.call(setting);
        for (Object box : boxes instanceof List ? (List<?>) boxes : Collections.emptyList()) {
            Object name = Api.MAILBOX_NAME.exists() ? Api.MAILBOX_NAME.call(box) : "";
            names.put(String.valueOf(Api.MAILBOX_ID.call(box)), name == null ? "" : Words.clean(name.toString()));
        }
        return names;
    }

    private String text(Symbol getter) throws PbxException {
        Object value = getter.call(setting);
        return value == null ? "" : Words.clean(value.toString());
    }

    private String textIfKnown(Symbol getter) throws PbxException {
        return getter.exists() ? text(getter) : "";
    }
}
