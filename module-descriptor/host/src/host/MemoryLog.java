package host;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.logging.log4j.Logger;

/** Keeps the latest lines of the instance's log. */
final class MemoryLog implements Logger {
    private static final int LINES_MAX = 200;

    private final Deque<String> lines = new ArrayDeque<>();

    synchronized List<Object> lines() {
        return new ArrayList<>(lines);
    }

    @Override
    public void debug(Object message) {}

    @Override
    public void info(Object message) {
        keep("INFO " + message);
    }

    @Override
    public void info(String message) {
        keep("INFO " + message);
    }

    @Override
    public void info(String message, Object parameter) {
        throw new IllegalArgumentException("nobody logs parameters");
    }

    @Override
    public void warn(Object message) {
        keep("WARN " + message);
    }

    @Override
    public void warn(String message) {
        keep("WARN " + message);
    }

    private synchronized void keep(String line) {
        if (lines.size() == LINES_MAX) {
            lines.removeFirst();
        }
        lines.addLast(line);
    }
}
