import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The users and groups of STARFACE. */
final class Users {
    private final Pbx pbx;
    private Map<Integer, Object> beans;

    Users(Pbx pbx) {
        this.pbx = pbx;
    }

    /** Returns a user, or null where the account belongs to none. */
    User find(int account) throws PbxException {
        Object bean = bean(account);
        return bean == null ? null : User.of(bean);
    }

    /** Returns a user from the list of all, which costs one question for any number of them; null if not in it. */
    User findInList(int account) throws PbxException {
        Object bean = all().get(account);
        return bean == null ? null : User.of(bean);
    }

    /** Returns whether do not disturb is on; an empty text where that cannot be told. */
    String doNotDisturb(int account) {
        try {
            Object bean = bean(account);
            return bean == null ? "" : String.valueOf(Api.USER_DND.call(bean));
        } catch (PbxException unknown) {
            return "";
        }
    }

    /** Forgets the list of all, after something was written. */
    void refresh() {
        beans = null;
    }

    /** Returns the accounts of a group, whether they are logged on to it or not. */
    SortedSet<Integer> ofGroup(int group) throws PbxException {
        Object function = Api.NEW_GROUP_FUNCTION.make();
        Api.GROUP_ID.write(function, group);
        Api.GROUP_ACTIVE_ONLY.write(function, false);
        Api.GROUP_EXCLUDE_DND.write(function, false);
        Api.RUN_GROUP_FUNCTION.call(function, pbx.environment());
        Object users = Api.GROUP_USERS.read(function);
        SortedSet<Integer> accounts = new TreeSet<>();
        for (Object user : users instanceof List ? (List<?>) users : Collections.emptyList()) {
            int account = Numbers.account(user);
            if (account > 0) {
                accounts.add(account);
            }
        }
        return accounts;
    }

    private Object bean(int account) throws PbxException {
        if (!Api.USER_OF_ACCOUNT.exists()) {
            return all().get(account);
        }
        return Api.USER_OF_ACCOUNT.call(pbx.bean(Api.USERS), account);
    }

    private Map<Integer, Object> all() throws PbxException {
        if (beans == null) {
            Map<Integer, Object> read = new LinkedHashMap<>();
            for (Object bean : (List<?>) Api.ALL_USERS.call(pbx.bean(Api.USERS))) {
                read.put(Numbers.account(Api.USER_ACCOUNT.call(bean)), bean);
            }
            beans = read;
        }
        return beans;
    }
}
