import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Who writes, who has called when, and which call was the last on what. */
final class Owners {
    /** For how long after an owner's last call nobody else may write. */
    private static final long OWNER_MILLIS = 60_000;

    /** For how long an owner must not have called to be dead. */
    private static final long SILENT_MILLIS = 15 * 60_000;

    private static final int ID_CHARS_MAX = 200;

    /** More accounts and numbers than any PBX has. */
    private static final int APPLIED_MAX = 50_000;

    private String owner = "";
    private long lastSeq;
    private final Map<String, Long> heard = new HashMap<>();
    private final Map<String, Long> applied = new Bounded<>(APPLIED_MAX);

    /** Notes that an owner has called; callers that own nothing are not remembered. */
    synchronized void renew(String caller) {
        if (heard.containsKey(caller)) {
            heard.put(caller, Time.steady.getAsLong());
        }
    }

    /** Makes a caller the owner, or refuses it with the present owner's id. */
    synchronized void take(String caller, long seq) throws Refusal {
        if (caller.isEmpty() || caller.length() > ID_CHARS_MAX) {
            throw new Refusal("owner");
        }
        if (caller.equals(owner)) {
            lastSeq = Math.max(lastSeq, seq);
        } else if (!owner.isEmpty() && silence(owner) < OWNER_MILLIS) {
            throw new Refusal("owner " + owner);
        } else {
            applied.clear();
            owner = caller;
            lastSeq = seq;
        }
        heard.put(caller, Time.steady.getAsLong());
    }

    /** Returns whether a newer call was the last on a target; one that is not becomes the last. */
    synchronized boolean isStale(String target, long seq) {
        Long last = applied.get(target);
        if (last != null && seq < last) {
            return true;
        }
        applied.put(target, seq);
        return false;
    }

    synchronized boolean isSilent(String caller) {
        return silence(caller) >= SILENT_MILLIS;
    }

    /** Forgets when those called who neither write nor have anything to be put back. */
    synchronized void forgetAllBut(Set<String> withRows) {
        heard.keySet().removeIf(caller -> !caller.equals(owner) && !withRows.contains(caller));
    }

    synchronized String owner() {
        return owner;
    }

    synchronized long lastSeq() {
        return lastSeq;
    }

    private long silence(String caller) {
        Long at = heard.get(caller);
        return at == null ? Long.MAX_VALUE : Time.steady.getAsLong() - at;
    }
}
