import java.util.Map;

/**
 * What the module remembers of one of its instances. It is lost when STARFACE starts or the module is updated, and that
 * is intended: whoever asks sees another queue and reads everything anew.
 */
final class Instance {
    /** More users than a group has. */
    private static final int MEMBERS_MAX = 10_000;

    final EventQueue events = new EventQueue();
    final Owners owners = new Owners();
    final BackTable back = new BackTable();
    /** The members as they were read last, for a moment in which one cannot be read. */
    final Map<Integer, User> members = new Bounded<>(MEMBERS_MAX);
    /** Held from the look at an account to the write, so that nothing comes between. */
    final Object states = new Object();
    /** The same for redirects. */
    final Object redirects = new Object();
}
