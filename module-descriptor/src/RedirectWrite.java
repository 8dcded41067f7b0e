import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one call of applyRedirects does to one account. Whatever goes wrong here spoils no other account. */
final class RedirectWrite {
    private static final String[] FIELDS = {Redirect.ENABLED, Redirect.DESTINATION_TYPE, Redirect.DESTINATION};

    private final Request request;
    private final Redirects redirects;
    private final int account;
    private final Map<?, ?> records;
    private final Map<String, Object> answer = Tree.make();
    /** Of each record that was written: its number, what was shown before, and what was put. */
    private final Map<String, String> numbers = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> befores = new LinkedHashMap<>();
    private final Map<String, Put> puts = new LinkedHashMap<>();

    RedirectWrite(Request request, int account, Map<?, ?> records) {
        this.request = request;
        this.account = account;
        this.records = records;
        redirects = new Redirects(request.pbx, request.page.groupUser());
    }

    /** Writes what may be written, and reads it back. Returns false where the account is no user's. */
    boolean write(long seq) {
        synchronized (request.instance.redirects) {
            List<Redirect> shown;
            try {
                if (new Users(request.pbx).find(account) == null) {
                    return false;
                }
                shown = redirects.of(account);
            } catch (PbxException | RuntimeException | LinkageError failed) {
                failAll(Words.of(failed));
                return true;
            }
            for (Object index : records.keySet()) {
                writeOne(String.valueOf(index), Tree.map(records.get(index)), shown, seq);
            }
            if (!numbers.isEmpty()) {
                readBack();
            }
        }
        return true;
    }

    Map<String, Object> answer() {
        return answer;
    }

    private void writeOne(String index, Map<?, ?> record, List<Redirect> shown, long seq) {
        Map<String, String> before = Collections.emptyMap();
        try {
            String number = Tree.textOrEmpty(record, "calledNumber");
            Redirect redirect = Redirects.find(shown, number);
            if (redirect == null) {
                answer.put(index, Outcome.ofRedirect("unknown number", before));
                return;
            }
            before = redirect.shown();
            String error = carryOut(index, record, redirect, before, seq);
            answer.put(index, Outcome.ofRedirect(error, before));
        } catch (PbxException | RuntimeException | LinkageError failed) {
            request.pbx.log().warn("A redirect of account " + account + " cannot be written: " + Words.forLog(failed));
            answer.put(index, Outcome.ofRedirect(Words.of(failed), before));
        }
    }

    /** Returns why nothing was done; an empty text where it was. */
    private String carryOut(
            String index, Map<?, ?> record, Redirect redirect, Map<String, String> before, long seq)
            throws PbxException {
        if (!Tree.textOrEmpty(record, "type").equals(Redirects.ALWAYS)) {
            return "unknown type";
        }
        String number = redirect.number();
        if (request.instance.owners.isStale(BackRow.keyOfRedirect(number), seq)) {
            return "stale";
        }
        Map<String, String> values = new LinkedHashMap<>(before);
        boolean isWrite = overlay(values, record, "");
        if (!isWrite) {
            keepRow(number, record, null, before);
            return "";
        }
        String flaw = Redirects.flaw(values);
        if (!flaw.isEmpty()) {
            return flaw;
        }
        if (!isExpected(record, before)) {
            return "changed";
        }
        redirects.write(account, redirect, values);
        numbers.put(index, number);
        befores.put(index, before);
        puts.put(index, new Put(values));
        keepRow(number, record, puts.get(index), before);
        return "";
    }

    /** All or nothing, each value as it was read. */
    private static boolean isExpected(Map<?, ?> record, Map<String, String> before) {
        Map<String, String> expected = new LinkedHashMap<>(before);
        overlay(expected, record, "expect.");
        return expected.equals(before);
    }

    /** A write without a way back forgets the row. Without a write, a row that is there still says what was put. */
    private void keepRow(String number, Map<?, ?> record, Put written, Map<String, String> before) {
        BackTable table = request.instance.back;
        String key = BackRow.keyOfRedirect(number);
        BackRow old = table.find(key);
        if (written != null || record.containsKey("forget")) {
            table.forget(key);
        }
        Map<String, String> back = new LinkedHashMap<>(before);
        if (!overlay(back, record, "back.")) {
            return;
        }
        boolean isReplaced = written == null && old != null && !record.containsKey("forget");
        Put put = isReplaced ? old.put : written == null ? new Put(before) : written;
        String backAfter = Tree.textOrEmpty(record, "backAfter");
        table.keep(BackRow.ofRedirect(account, number, back, put, request.owner, backAfter));
    }

    private void readBack() {
        List<Redirect> shown;
        try {
            shown = redirects.of(account);
        } catch (PbxException | RuntimeException | LinkageError unreadable) {
            shown = Collections.emptyList();
        }
        for (Map.Entry<String, String> written : numbers.entrySet()) {
            String index = written.getKey();
            Map<String, String> after = shownOf(shown, written.getValue());
            answer.put(index, Outcome.ofRedirect("", after));
            puts.get(index).learn(befores.get(index), after);
        }
    }

    private static Map<String, String> shownOf(List<Redirect> shown, String number) {
        try {
            Redirect redirect = Redirects.find(shown, number);
            return redirect == null ? Collections.emptyMap() : redirect.shown();
        } catch (PbxException unreadable) {
            return Collections.emptyMap();
        }
    }

    private void failAll(String error) {
        for (Object index : records.keySet()) {
            answer.put(String.valueOf(index), Outcome.ofRedirect(error, Collections.emptyMap()));
        }
    }

    /** Puts what a record says under a prefix over values; returns whether it says anything. */
    private static boolean overlay(Map<String, String> values, Map<?, ?> record, String prefix) {
        boolean says = false;
        for (String field : FIELDS) {
            String value = Tree.text(record, prefix + field);
            if (value != null) {
                values.put(field, Words.clean(value));
                says = true;
            }
        }
        return says;
    }
}
