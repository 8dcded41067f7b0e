import java.util.Map;

/** The module's instances, by their ids. */
final class Instances {
    /** Few sites have more than one. */
    private static final int INSTANCES_MAX = 32;

    private static final Map<String, Instance> BY_ID = new Bounded<>(INSTANCES_MAX);

    private Instances() {}

    /** Returns what is remembered of an instance. */
    static Instance of(String id) {
        synchronized (BY_ID) {
            Instance instance = BY_ID.get(id);
            if (instance == null) {
                instance = new Instance();
                BY_ID.put(id, instance);
            }
            return instance;
        }
    }

    /** Forgets an instance. */
    static void forget(String id) {
        synchronized (BY_ID) {
            BY_ID.remove(id);
        }
    }
}
