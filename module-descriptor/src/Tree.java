import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What crosses the wire: maps of strings and maps. Read tolerantly, as a PBX may have mapped a string to a type. */
final class Tree {
    private Tree() {}

    /** Returns a value as a map; anything else has no members. */
    static Map<?, ?> map(Object value) {
        return value instanceof Map ? (Map<?, ?>) value : Collections.emptyMap();
    }

    /** Returns a leaf, or null where there is none. */
    static String text(Map<?, ?> map, String name) {
        return leaf(map.get(name));
    }

    /** Returns a leaf, or an empty text where there is none. */
    static String textOrEmpty(Map<?, ?> map, String name) {
        String text = text(map, name);
        return text == null ? "" : text;
    }

    /** Returns a new map whose values are given by whoever fills it: texts and maps of this kind alone. */
    static Map<String, Object> make() {
        return new LinkedHashMap<>();
    }

    private static String leaf(Object value) {
        if (value instanceof Double) {
            double number = (Double) value;
            return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
        }
        boolean isLeaf = value instanceof String || value instanceof Number || value instanceof Boolean;
        return isLeaf ? value.toString() : null;
    }
}
