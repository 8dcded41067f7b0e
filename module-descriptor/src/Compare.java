import java.text.Normalizer;
import java.util.Map;

/** Tells whether two values of a field are the same to a person. */
final class Compare {
    private Compare() {}

    /** Returns whether every field of the one has the same value in the other. */
    static boolean same(Map<String, String> one, Map<String, String> other) {
        for (Map.Entry<String, String> field : one.entrySet()) {
            String shown = other.get(field.getKey());
            if (shown == null || !same(field.getKey(), field.getValue(), shown)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns whether what is shown may be what STARFACE made of values: a text cut short, a number written otherwise,
     * a colour by another name. Anything else is somebody's who came in between.
     */
    static boolean mayShow(Map<String, String> values, Map<String, String> shown) {
        for (Map.Entry<String, String> field : values.entrySet()) {
            String other = shown.get(field.getKey());
            if (other == null || other.isEmpty() || !mayShow(field.getKey(), field.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    private static boolean mayShow(String field, String value, String shown) {
        switch (field) {
            case StateField.TEXT:
                return text(value).startsWith(text(shown));
            case StateField.INDICATOR:
            case Redirect.DESTINATION:
                return true;
            default:
                return value.equals(shown);
        }
    }

    private static boolean same(String field, String one, String other) {
        switch (field) {
            case StateField.TEXT:
                return text(one).equals(text(other));
            case Redirect.DESTINATION:
                return number(one).equals(number(other));
            default:
                return one.equals(other);
        }
    }

    private static String text(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC).replaceAll("[\\s\\u00A0]+", " ").trim();
    }

    /** Telephone numbers lose their separators; a mailbox's id has none. */
    private static String number(String text) {
        String digits = text.replaceAll("[\\s\\u00A0()/.-]", "");
        return digits.startsWith("+") ? "00" + digits.substring(1) : digits;
    }
}
