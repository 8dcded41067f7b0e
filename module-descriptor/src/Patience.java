/** How long one call waits altogether for STARFACE to show what it was just told; its events may be worked on later. */
final class Patience {
    private static final long CALL_MILLIS = 300;
    private static final long PAUSE_MILLIS = 10;

    private long left = CALL_MILLIS;

    /** Waits a moment; returns false, at once, when the patience is at its end. */
    boolean waits() {
        if (left <= 0) {
            return false;
        }
        left -= PAUSE_MILLIS;
        Time.pause.accept(PAUSE_MILLIS);
        return true;
    }
}
