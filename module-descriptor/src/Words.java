/** Texts as they may leave the module. */
final class Words {
    /** The most characters of an error. */
    private static final int ERROR_CHARS_MAX = 300;

    private Words() {}

    /** Returns what went wrong, in one bounded line. */
    static String of(Throwable error) {
        String message = error.getMessage();
        String name = error.getClass().getSimpleName();
        boolean speaks = error instanceof PbxException || error instanceof Refusal;
        String words = message == null ? name : speaks ? message : name + ": " + message;
        words = clean(words).replaceAll("\\s+", " ").trim();
        return words.length() <= ERROR_CHARS_MAX ? words : words.substring(0, ERROR_CHARS_MAX);
    }

    /** The same for a log, without what STARFACE says in its own words: they might repeat a status text. */
    static String forLog(Throwable error) {
        if (error instanceof PbxException) {
            PbxException failed = (PbxException) error;
            return failed.getCause() == null
                    ? of(failed)
                    : failed.where() + ": " + failed.getCause().getClass().getSimpleName();
        }
        return error.getClass().getSimpleName();
    }

    /**
     * Returns a text without what XML cannot carry: the PBX would write it all the same, and nobody could read the
     * answer.
     */
    static String clean(String text) {
        if (text == null) {
            return "";
        }
        StringBuilder kept = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            if (fitsInXml(character)) {
                kept.appendCodePoint(character);
            }
        }
        return kept.toString();
    }

    private static boolean fitsInXml(int character) {
        return character == '\t'
                || character == '\n'
                || character == '\r'
                || character >= 0x20 && character <= 0xD7FF
                || character >= 0xE000 && character <= 0xFFFD
                || character >= 0x10000;
    }
}
