import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the module puts back by itself when the owner of a row has fallen silent. */
final class BackTable {
    /** Four fields and a few numbers of more users than any PBX has. */
    private static final int ROWS_MAX = 50_000;

    private final Map<String, BackRow> rows = new Bounded<>(ROWS_MAX);

    /** Returns a row, or null. */
    synchronized BackRow find(String key) {
        return rows.get(key);
    }

    /** Adds a row, or replaces the one that was there. */
    synchronized void keep(BackRow row) {
        rows.put(row.key(), row);
    }

    synchronized void forget(String key) {
        rows.remove(key);
    }

    /** Returns whether a row still stands in the table and was not replaced. */
    synchronized boolean has(BackRow row) {
        return rows.get(row.key()) == row;
    }

    synchronized List<BackRow> all() {
        return new ArrayList<>(rows.values());
    }

    synchronized Set<String> owners() {
        Set<String> owners = new HashSet<>();
        for (BackRow row : rows.values()) {
            owners.add(row.owner());
        }
        return owners;
    }
}
