/** Numbers as they come from callers and from STARFACE. */
final class Numbers {
    private Numbers() {}

    /** Returns an account id, or 0 for what is none. */
    static int account(Object value) {
        if (value instanceof Number) {
            return ((Number) value).intValue();
        }
        long number = whole(value == null ? "" : value.toString(), 0);
        return number > 0 && number <= Integer.MAX_VALUE ? (int) number : 0;
    }

    /** Returns a whole number of a text, or the fallback for what is none. */
    static long whole(String text, long fallback) {
        try {
            return Long.parseLong(text.trim());
        } catch (NumberFormatException none) {
            return fallback;
        }
    }
}
