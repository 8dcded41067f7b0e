import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * The entry point getMembers: a page of a group's users, by account id. A list without somebody has everything taken
 * off that member, so one who cannot be read just now is told as read last, and a list of nobody but such is an error.
 */
final class GetMembers {
    /** The most members of one page. */
    private static final int MEMBERS_MAX = 500;

    private final Request request;
    private final Users users;
    private final TreeMap<Integer, User> members = new TreeMap<>();
    private PbxException failed;
    private int read;

    private GetMembers(Request request) {
        this.request = request;
        users = new Users(request.pbx);
    }

    static Map<String, Object> answer(Request request) throws Refusal, PbxException {
        int group = Numbers.account(Tree.textOrEmpty(request.params, "group"));
        if (group == 0) {
            throw new Refusal("group");
        }
        long from = request.number("from", 0);
        long count = request.number("count", MEMBERS_MAX);
        if (count < 1 || count > MEMBERS_MAX) {
            throw new Refusal("count");
        }
        return new GetMembers(request).page(group, from, count);
    }

    private Map<String, Object> page(int group, long from, long count) throws PbxException {
        SortedSet<Integer> accounts = users.ofGroup(group);
        for (int account : accounts) {
            add(account);
        }
        if (read == 0 && failed != null) {
            throw failed;
        }
        Map<String, Object> page = Tree.make();
        long place = 0;
        for (User member : members.values()) {
            if (place >= from && place < from + count) {
                page.put(String.valueOf(member.account), tree(member));
            }
            place++;
        }
        Map<String, Object> data = Tree.make();
        data.put("total", String.valueOf(members.size()));
        data.put("members", page);
        return data;
    }

    /** Adds a member; a group may also hold what is no user of this PBX. */
    private void add(int account) {
        User user;
        try {
            user = find(account);
            read++;
        } catch (PbxException unreadable) {
            failed = unreadable;
            request.pbx.log().warn("Account " + account + " cannot be read: " + Words.forLog(unreadable));
            user = remembered(account);
        }
        if (user != null) {
            members.put(account, user);
            remember(user);
        }
    }

    /** The list of all is the cheap way; whoever is not in it, or not readable there, is asked for alone. */
    private User find(int account) throws PbxException {
        try {
            User user = users.findInList(account);
            if (user != null) {
                return user;
            }
        } catch (PbxException broken) {
            // Asking for the one tells whether it is this account or the list.
        }
        return users.find(account);
    }

    private User remembered(int account) {
        synchronized (request.instance.members) {
            return request.instance.members.get(account);
        }
    }

    private void remember(User user) {
        synchronized (request.instance.members) {
            request.instance.members.put(user.account, user);
        }
    }

    private static Map<String, Object> tree(User user) {
        Map<String, Object> tree = Tree.make();
        tree.put("login", user.login);
        tree.put("firstName", user.firstName);
        tree.put("familyName", user.familyName);
        tree.put("email", user.email);
        return tree;
    }
}
