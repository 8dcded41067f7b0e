/** What STARFACE threw, or does not have. */
final class PbxException extends Exception {
    private static final long serialVersionUID = 1;

    private final String where;

    PbxException(String words) {
        super(words);
        where = "";
    }

    PbxException(String where, Throwable cause) {
        super(where + ": " + Words.of(cause), cause);
        this.where = where;
    }

    /** Returns what of STARFACE threw. */
    String where() {
        return where;
    }
}
