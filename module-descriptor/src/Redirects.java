import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The redirects of users, of the trigger ALWAYS alone. */
final class Redirects {
    static final String ALWAYS = "ALWAYS";

    /** STARFACE's own word for no restriction to a group. */
    private static final String ANY_GROUP = "";

    private final Pbx pbx;
    private final int groupUser;

    /** Redirects of groups are written as the group user; 0 for none, and then as the member. */
    Redirects(Pbx pbx, int groupUser) {
        this.pbx = pbx;
        this.groupUser = groupUser;
    }

    /** Returns one redirect per called number of an account, those of its groups too. */
    List<Redirect> of(int account) throws PbxException {
        Object settings =
                Api.REDIRECTS_OF_ACCOUNT.call(
                        pbx.bean(Api.REDIRECTS),
                        account,
                        Symbol.constant(Api.TRIGGER, ALWAYS),
                        ANY_GROUP,
                        Symbol.constant(Api.ORDER_BY, "calledNumber"),
                        Symbol.constant(Api.ORDER, "ASCENDING"));
        List<Redirect> redirects = new ArrayList<>();
        for (Object setting : (List<?>) settings) {
            redirects.add(new Redirect(setting));
        }
        return redirects;
    }

    /** Writes a redirect of an account. */
    void write(int account, Redirect redirect, Map<String, String> values) throws PbxException {
        int actor = redirect.isGroup() && groupUser > 0 ? groupUser : account;
        Api.SET_REDIRECT.call(pbx.bean(Api.REDIRECTS), actor, account, redirect.changed(values));
    }

    /** Returns the redirect of a called number, or null. */
    static Redirect find(List<Redirect> redirects, String number) throws PbxException {
        for (Redirect redirect : redirects) {
            if (redirect.number().equals(number)) {
                return redirect;
            }
        }
        return null;
    }

    /** Returns why values cannot be written; an empty text where they can. */
    static String flaw(Map<String, String> values) throws PbxException {
        String enabled = values.get(Redirect.ENABLED);
        String type = values.get(Redirect.DESTINATION_TYPE);
        boolean isOn = "true".equals(enabled);
        if (!isOn && !"false".equals(enabled)) {
            return "unknown value";
        }
        if (!type.isEmpty() && Symbol.constant(Api.DESTINATION, type) == null) {
            return "unknown value";
        }
        // STARFACE would send the calls nowhere.
        boolean leadsNowhere = isOn && (type.isEmpty() || values.get(Redirect.DESTINATION).trim().isEmpty());
        return leadsNowhere ? "empty destination" : "";
    }
}
