import java.util.Map;

/** What became of a write, as it goes over the wire. */
final class Outcome {
    private Outcome() {}

    /** Of a field of a state. */
    static Map<String, Object> ofField(String error, String seen) {
        Map<String, Object> outcome = of(error);
        outcome.put("seen", seen);
        return outcome;
    }

    /** Of a redirect. */
    static Map<String, Object> ofRedirect(String error, Map<String, String> seen) {
        Map<String, Object> outcome = of(error);
        for (String field : new String[] {Redirect.ENABLED, Redirect.DESTINATION_TYPE, Redirect.DESTINATION}) {
            String value = seen.get(field);
            outcome.put("seen." + field, value == null ? "" : value);
        }
        return outcome;
    }

    private static Map<String, Object> of(String error) {
        Map<String, Object> outcome = Tree.make();
        outcome.put("ok", String.valueOf(error.isEmpty()));
        outcome.put("error", error);
        return outcome;
    }
}
