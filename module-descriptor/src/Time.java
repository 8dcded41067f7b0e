import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** The clocks. A test puts its own in their place; in a PBX nothing ever does. */
final class Time {
    /** Milliseconds since 1970, as the PBX's clock says; it may be set. */
    static volatile LongSupplier wall = System::currentTimeMillis;

    /** Milliseconds since some instant; never set, so silences are measured by it. */
    static volatile LongSupplier steady = () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime());

    /** Waits so many milliseconds. */
    static volatile LongConsumer pause = Time::sleep;

    private Time() {}

    static long now() {
        return wall.getAsLong();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            // Whoever wants the thread to end finds the mark; this wait is over early.
            Thread.currentThread().interrupt();
        }
    }
}
