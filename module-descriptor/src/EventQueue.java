import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.UUID;

/**
 * The events of one instance since the module was loaded. Its name is random, so that a caller notices that it asks
 * another one than before.
 */
final class EventQueue {
    /** The most events that are kept; the oldest go first. */
    private static final int EVENTS_MAX = 1_000;

    /** The most calls that wait at one time: each holds a thread of the PBX. */
    private static final int WAITING_MAX = 4;

    /** The longest sleep of a waiting call before it looks at the clock again. */
    private static final long SLICE_MILLIS = 250;

    private final String name = UUID.randomUUID().toString().replace("-", "");
    private final Deque<Event> events = new ArrayDeque<>();
    private long seq;
    private long waiters;
    private boolean closed;

    String name() {
        return name;
    }

    /** Returns the number of the latest event; 0 before the first. */
    synchronized long seq() {
        return seq;
    }

    /** Adds an event, which wakes whoever waits. */
    synchronized void add(String kind, String account, long at) {
        if (events.size() == EVENTS_MAX) {
            events.removeFirst();
        }
        seq++;
        events.addLast(new Event(seq, kind, account, at));
        notifyAll();
    }

    /** Ends every wait: the instance is gone. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Tells what came after a number, at once where there is something, else after at most so many milliseconds. */
    synchronized Map<String, Object> drain(String queue, long after, long wait) throws InterruptedException {
        boolean isOfThis = queue.equals(name);
        long started = Time.steady.getAsLong();
        long turn = ++waiters;
        while (isOfThis && after >= seq && !closed && turn > waiters - WAITING_MAX) {
            long left = wait - (Time.steady.getAsLong() - started);
            if (left <= 0) {
                break;
            }
            wait(Math.min(left, SLICE_MILLIS));
        }
        return told(isOfThis ? after : 0);
    }

    private Map<String, Object> told(long after) {
        Map<String, Object> fresh = Tree.make();
        for (Event event : events) {
            if (event.seq > after) {
                fresh.put(String.valueOf(fresh.size()), event.tree());
            }
        }
        Map<String, Object> tree = Tree.make();
        tree.put("queue", name);
        tree.put("seq", String.valueOf(seq));
        tree.put("events", fresh);
        return tree;
    }
}
