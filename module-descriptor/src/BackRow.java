import java.util.Collections;
import java.util.Map;

/** A row of the table for a dead sidecar: what is put back, where, over what, and when. */
final class BackRow {
    /** Through whom; for the redirect of a number, the account that it was last written through. */
    final int account;
    /** The field of the account's state; empty for a redirect. */
    final String field;
    /** The called number of a redirect; empty for a state. */
    final String number;
    final Map<String, String> back;
    final Put put;
    private final String owner;
    private final String backAfter;
    private int failures;

    private BackRow(
            int account,
            String field,
            String number,
            Map<String, String> back,
            Put put,
            String owner,
            String backAfter) {
        this.account = account;
        this.field = field;
        this.number = number;
        this.back = back;
        this.put = put;
        this.owner = owner;
        this.backAfter = backAfter;
    }

    static BackRow ofState(int account, String field, String back, Put put, String owner, String backAfter) {
        return new BackRow(account, field, "", Collections.singletonMap(field, back), put, owner, backAfter);
    }

    static BackRow ofRedirect(
            int account, String number, Map<String, String> back, Put put, String owner, String backAfter) {
        return new BackRow(account, "", number, back, put, owner, backAfter);
    }

    static String keyOfState(int account, String field) {
        return account + " " + field;
    }

    static String keyOfRedirect(String number) {
        return "number " + number;
    }

    String key() {
        return isRedirect() ? keyOfRedirect(number) : keyOfState(account, field);
    }

    boolean isRedirect() {
        return field.isEmpty();
    }

    String owner() {
        return owner;
    }

    /** Returns whether its time has come; without an instant it never does: the instance's end alone puts it back. */
    boolean hasCome(long now) {
        long seconds = Numbers.whole(backAfter, Long.MAX_VALUE);
        return seconds <= now / 1000;
    }

    /** Counts a vain attempt, and returns how many there were. */
    int fail() {
        return ++failures;
    }
}
