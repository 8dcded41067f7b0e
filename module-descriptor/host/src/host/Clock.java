package host;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** The clock that the module is given. It runs until it is set; then it stands, and moves when it is told to. */
final class Clock {
    private static final int PAUSES_MAX = 100;

    private boolean stands;
    private long wall;
    private long steady = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    private final List<Object> pauses = new ArrayList<>();
    private Runnable atNextPause = () -> {};

    synchronized void set(long millis) {
        steady = steady();
        wall = millis;
        stands = true;
        pauses.clear();
    }

    synchronized void advance(long millis) {
        if (!stands) {
            throw new IllegalStateException("the clock runs; set it first");
        }
        wall += millis;
        steady += millis;
    }

    synchronized void atNextPause(Runnable deed) {
        atNextPause = deed;
    }

    synchronized List<Object> pauses() {
        return new ArrayList<>(pauses);
    }

    /** Puts this clock in the place of the module's own. A pause takes no time, and lets the PBX do its work. */
    void replace(Class<?> time) throws ReflectiveOperationException {
        seam(time, "wall", (LongSupplier) this::wall);
        seam(time, "steady", (LongSupplier) this::steady);
        seam(time, "pause", (LongConsumer) this::pause);
    }

    private static void seam(Class<?> time, String name, Object value) throws ReflectiveOperationException {
        var field = time.getDeclaredField(name);
        field.setAccessible(true);
        field.set(null, value);
    }

    private synchronized long wall() {
        return stands ? wall : System.currentTimeMillis();
    }

    private synchronized long steady() {
        return stands ? steady : TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void pause(long millis) {
        Runnable deed;
        synchronized (this) {
            deed = atNextPause;
            atNextPause = () -> {};
            if (pauses.size() == PAUSES_MAX) {
                pauses.remove(0);
            }
            pauses.add(millis);
        }
        Exchange.PBX.deliver();
        deed.run();
    }
}
