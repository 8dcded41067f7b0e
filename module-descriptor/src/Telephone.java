import java.util.Map;

/** Whether somebody is in a call, as far as the indicator's state tells: no version offers it directly. */
final class Telephone {
    private static final String RINGING = "RINGING";
    private static final String ACTIVE = "ACTIVE";

    private Telephone() {}

    /**
     * Returns whether there is a call for certain. Ringing is one. Active is one where something else was put, and was
     * seen; else it may be what the connector itself has put, before the module forgot it.
     */
    static boolean isBusy(Map<String, String> shown, Put put) {
        String state = shown.get(StateField.INDICATOR);
        if (RINGING.equals(state)) {
            return true;
        }
        return ACTIVE.equals(state) && put != null && !put.isUnseen() && !put.stands(shown);
    }
}
