import java.util.LinkedHashMap;
import java.util.Map;

/** What was put somewhere, and how STARFACE shows it. */
final class Put {
    private final Map<String, String> values;
    /** What STARFACE made of it, where that is something else; a text may be cut, a colour have another name. */
    private volatile Map<String, String> alias;
    private volatile boolean isUnseen;

    Put(Map<String, String> values) {
        this.values = values;
    }

    /** Learns from what was shown before and after the write. */
    void learn(Map<String, String> before, Map<String, String> after) {
        if (Compare.same(values, after)) {
            return;
        }
        if (Compare.same(keep(before), after)) {
            isUnseen = true;
        } else if (Compare.mayShow(values, after)) {
            alias = keep(after);
        }
    }

    /** Returns whether it is what is shown. */
    boolean stands(Map<String, String> shown) {
        Map<String, String> known = alias;
        return Compare.same(values, shown) || known != null && Compare.same(known, shown);
    }

    /** Returns whether the write could not be seen, so that what is shown says nothing about it. */
    boolean isUnseen() {
        return isUnseen;
    }

    private Map<String, String> keep(Map<String, String> shown) {
        Map<String, String> kept = new LinkedHashMap<>(shown);
        kept.keySet().retainAll(values.keySet());
        return kept;
    }
}
