import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The entry point drainEvents. */
final class DrainEvents {
    /** The longest that a call may ask to wait. */
    private static final int WAIT_SECONDS_MAX = 25;

    private DrainEvents() {}

    static Map<String, Object> answer(Request request) throws Refusal, InterruptedException {
        long after = request.number("after", 0);
        long wait = request.number("wait", 0);
        if (wait > WAIT_SECONDS_MAX) {
            throw new Refusal("wait");
        }
        String queue = Tree.textOrEmpty(request.params, "queue");
        return request.instance.events.drain(queue, after, TimeUnit.SECONDS.toMillis(wait));
    }
}
