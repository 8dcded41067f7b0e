import java.util.Map;

/** Something that happened. */
final class Event {
    final long seq;
    private final String kind;
    private final String account;
    private final long at;

    Event(long seq, String kind, String account, long at) {
        this.seq = seq;
        this.kind = kind;
        this.account = account;
        this.at = at;
    }

    Map<String, Object> tree() {
        Map<String, Object> tree = Tree.make();
        tree.put("seq", String.valueOf(seq));
        tree.put("kind", kind);
        tree.put("account", account);
        tree.put("at", String.valueOf(at));
        return tree;
    }
}
