import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets its eldest entry when it is full, so that nothing grows for ever in the PBX's memory. */
final class Bounded<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;

    private final int most;

    /** By the order in which entries were added. */
    Bounded(int most) {
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
