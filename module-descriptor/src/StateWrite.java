import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one call of applyStates does to one account. Whatever goes wrong here spoils no other account. */
final class StateWrite {
    private static final String BACK_AFTER = "backAfter";

    final int account;
    private final Request request;
    private final UserStates states;
    private final Map<?, ?> wanted;
    private final Map<String, Object> answer = Tree.make();
    private final Map<String, String> written = new LinkedHashMap<>();
    private final Map<String, Put> puts = new LinkedHashMap<>();
    private Map<String, String> before = Collections.emptyMap();

    StateWrite(Request request, UserStates states, int account, Map<?, ?> wanted) {
        this.request = request;
        this.states = states;
        this.account = account;
        this.wanted = wanted;
    }

    /** Writes what may be written. Returns false where the account is no user's, which is then left out. */
    boolean write(long seq) {
        synchronized (request.instance.states) {
            try {
                Map<String, String> shown = states.read(account);
                if (shown == null) {
                    return false;
                }
                before = shown;
                if (request.instance.owners.isStale(String.valueOf(account), seq)) {
                    failAll("stale");
                } else {
                    writeFields();
                    keepRows();
                }
            } catch (PbxException | RuntimeException | LinkageError failed) {
                request.pbx.log().warn("Account " + account + " cannot be written: " + Words.forLog(failed));
                failAll(Words.of(failed));
            }
        }
        return true;
    }

    /** Reads what is shown now, once STARFACE has had the time to show it, and returns the account's answer. */
    Map<String, Object> readBack(Patience patience) {
        if (written.isEmpty()) {
            return answer;
        }
        Map<String, String> after = read();
        while (!after.isEmpty() && !Compare.same(written, after) && patience.waits()) {
            after = read();
        }
        for (String field : written.keySet()) {
            String seen = after.get(field);
            answer.put(field, Outcome.ofField("", seen == null ? "" : seen));
        }
        for (Put put : puts.values()) {
            put.learn(before, after);
        }
        return answer;
    }

    private Map<String, String> read() {
        try {
            Map<String, String> shown = states.read(account);
            return shown == null ? Collections.emptyMap() : shown;
        } catch (PbxException | RuntimeException | LinkageError unreadable) {
            return Collections.emptyMap();
        }
    }

    private void writeFields() {
        Map<String, String> values = new LinkedHashMap<>();
        for (Object name : wanted.keySet()) {
            String field = String.valueOf(name);
            if (!isField(field)) {
                continue;
            }
            String value = Words.clean(Tree.text(wanted, field));
            String flaw = flaw(field, value);
            if (flaw.isEmpty()) {
                values.put(field, value);
            } else {
                fail(field, flaw);
            }
        }
        Map<String, String> errors = states.write(account, values);
        for (Map.Entry<String, String> value : values.entrySet()) {
            String error = errors.get(value.getKey());
            if (error == null) {
                written.put(value.getKey(), value.getValue());
            } else {
                fail(value.getKey(), error);
            }
        }
    }

    private String flaw(String field, String value) {
        if (!StateField.ALL.contains(field)) {
            return "unknown field";
        }
        try {
            if (!StateField.knows(field, value)) {
                return "unknown value";
            }
        } catch (PbxException missing) {
            return Words.of(missing);
        }
        String expected = Tree.text(wanted, "expect." + field);
        return expected == null || expected.equals(before.get(field)) ? "" : "changed";
    }

    /** A write without a way back forgets the row, and one that did not happen leaves it alone. */
    private void keepRows() {
        for (String field : StateField.ALL) {
            if (!answer.containsKey(field)) {
                keepRow(field);
            }
        }
    }

    private void keepRow(String field) {
        BackTable table = request.instance.back;
        String key = BackRow.keyOfState(account, field);
        String value = written.get(field);
        if (value != null || wanted.containsKey("forget." + field)) {
            table.forget(key);
        }
        String back = Tree.text(wanted, "back." + field);
        if (back == null) {
            return;
        }
        // A row that is there still says what was put: what is shown may be a person's.
        BackRow old = table.find(key);
        Put put = old == null ? put(field, value) : old.put;
        String backAfter = Tree.textOrEmpty(wanted, BACK_AFTER);
        table.keep(BackRow.ofState(account, field, Words.clean(back), put, request.owner, backAfter));
    }

    private Put put(String field, String value) {
        if (value == null) {
            return new Put(Collections.singletonMap(field, before.get(field)));
        }
        Put put = new Put(Collections.singletonMap(field, value));
        puts.put(field, put);
        return put;
    }

    private void failAll(String error) {
        for (Object name : wanted.keySet()) {
            if (isField(String.valueOf(name))) {
                fail(String.valueOf(name), error);
            }
        }
    }

    private void fail(String field, String error) {
        String seen = before.get(field);
        answer.put(field, Outcome.ofField(error, seen == null ? "" : seen));
    }

    /** What rides along with a field has a dot in its name. */
    private static boolean isField(String name) {
        return !name.contains(".") && !name.equals(BACK_AFTER);
    }
}
