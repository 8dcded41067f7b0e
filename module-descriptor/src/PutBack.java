import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Carries the table for a dead sidecar out: a row is written back only where what was put still stands. */
final class PutBack {
    /** After so many minutes in which STARFACE refused it, a row is given up. */
    private static final int FAILURES_MAX = 60;

    private final Pbx pbx;
    private final Instance instance;
    private final UserStates states;
    private final Redirects redirects;

    PutBack(Pbx pbx, Page page, Instance instance) {
        this.pbx = pbx;
        this.instance = instance;
        states = new UserStates(pbx);
        redirects = new Redirects(pbx, page.groupUser());
    }

    /** Puts back what is due: the row's instant has come, and its owner is dead. */
    void due() {
        run(row -> row.hasCome(Time.now()) && instance.owners.isSilent(row.owner()));
        instance.owners.forgetAllBut(instance.back.owners());
    }

    /** Puts everything back. */
    void everything() {
        run(row -> true);
    }

    private void run(Predicate<BackRow> isDue) {
        Map<Integer, List<BackRow>> statesOf = new TreeMap<>();
        Set<Integer> accounts = new TreeSet<>();
        for (BackRow row : instance.back.all()) {
            if (!isDue.test(row)) {
                continue;
            }
            if (!row.isRedirect()) {
                statesOf.computeIfAbsent(row.account, account -> new ArrayList<>()).add(row);
            } else if (putRedirectBack(row, isDue)) {
                accounts.add(row.account);
            }
        }
        for (Map.Entry<Integer, List<BackRow>> rows : statesOf.entrySet()) {
            if (putStatesBack(rows.getKey(), rows.getValue(), isDue)) {
                accounts.add(rows.getKey());
            }
        }
        for (int account : accounts) {
            pbx.log().warn("What the service had put on account " + account + " is put back without it.");
            instance.events.add("back", String.valueOf(account), Time.now());
        }
    }

    /** Returns whether something was put back. */
    private boolean putStatesBack(int account, List<BackRow> rows, Predicate<BackRow> isDue) {
        synchronized (instance.states) {
            // A sidecar may have come back meanwhile.
            rows.removeIf(row -> !instance.back.has(row) || !isDue.test(row));
            try {
                Map<String, String> shown = states.read(account);
                Map<String, String> values = shown == null ? forget(rows) : values(rows, shown);
                Map<String, String> errors = states.write(account, values);
                for (BackRow row : rows) {
                    if (errors.containsKey(row.field)) {
                        tryAgain(row, "it was refused");
                    }
                }
                return values.size() > errors.size();
            } catch (PbxException | RuntimeException | LinkageError failed) {
                for (BackRow row : rows) {
                    tryAgain(row, Words.forLog(failed));
                }
                return false;
            }
        }
    }

    /** Returns what is to be written, and forgets every row that is through with. */
    private Map<String, String> values(List<BackRow> rows, Map<String, String> shown) throws PbxException {
        Map<String, String> values = new LinkedHashMap<>();
        for (BackRow row : rows) {
            boolean isIndicator = row.field.equals(StateField.INDICATOR);
            if (isIndicator && Telephone.isBusy(shown, row.put)) {
                // The call's end sets it back, and the row no longer fits then.
                continue;
            }
            instance.back.forget(row.key());
            // What is not shown cannot be compared, and must not stay for ever.
            boolean cannotBeTold = shown.get(row.field).isEmpty() && !row.field.equals(StateField.TEXT);
            boolean isUnseen = isIndicator && row.put.isUnseen();
            String back = row.back.get(row.field);
            if ((row.put.stands(shown) || cannotBeTold || isUnseen) && StateField.knows(row.field, back)) {
                values.put(row.field, back);
            }
        }
        return values;
    }

    private Map<String, String> forget(List<BackRow> rows) {
        for (BackRow row : rows) {
            instance.back.forget(row.key());
        }
        return new LinkedHashMap<>();
    }

    private boolean putRedirectBack(BackRow row, Predicate<BackRow> isDue) {
        synchronized (instance.redirects) {
            if (!instance.back.has(row) || !isDue.test(row)) {
                return false;
            }
            try {
                Redirect redirect = Redirects.find(redirects.of(row.account), row.number);
                instance.back.forget(row.key());
                boolean stands = redirect != null && row.put.stands(redirect.shown());
                if (!stands || !Redirects.flaw(row.back).isEmpty()) {
                    return false;
                }
                redirects.write(row.account, redirect, row.back);
                return true;
            } catch (PbxException | RuntimeException | LinkageError failed) {
                tryAgain(row, Words.forLog(failed));
                return false;
            }
        }
    }

    private void tryAgain(BackRow row, String words) {
        String what = "What was put on account " + row.account + " could not be put back";
        if (row.fail() < FAILURES_MAX) {
            instance.back.keep(row);
            pbx.log().warn(what + " yet: " + words);
        } else {
            instance.back.forget(row.key());
            pbx.log().warn(what + ": " + words);
        }
    }
}
