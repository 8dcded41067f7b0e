import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One call of an entry point, whose key was right. */
final class Request {
    /** The most accounts or redirects of one call. */
    static final int ITEMS_MAX = 100;

    final Pbx pbx;
    final Page page;
    final Instance instance;
    final String owner;
    final Map<?, ?> params;
    private final String seq;

    Request(Pbx pbx, Page page, String owner, String seq, Map<?, ?> params) {
        this.pbx = pbx;
        this.page = page;
        this.owner = owner == null ? "" : owner;
        this.seq = seq == null ? "" : seq;
        this.params = params;
        instance = Instances.of(page.instanceId());
    }

    /** Returns the call's number. */
    long seq() throws Refusal {
        return number("seq", seq);
    }

    /** Returns a whole number of the parameters, none below 0; the fallback where there is none. */
    long number(String name, long fallback) throws Refusal {
        String text = Tree.textOrEmpty(params, name);
        return text.isEmpty() ? fallback : number(name, text);
    }

    /** Returns the accounts that are asked for, each once; what is no account is left out. */
    List<Integer> accounts() throws Refusal {
        String text = Tree.text(params, "accounts");
        if (text == null) {
            throw new Refusal("accounts");
        }
        Set<Integer> accounts = new LinkedHashSet<>();
        for (String word : text.split(",")) {
            int account = Numbers.account(word);
            if (account > 0) {
                accounts.add(account);
            }
        }
        requireFew(accounts.size(), "accounts");
        return new ArrayList<>(accounts);
    }

    static void requireFew(int items, String what) throws Refusal {
        if (items > ITEMS_MAX) {
            throw new Refusal("more than " + ITEMS_MAX + " " + what);
        }
    }

    private static long number(String name, String text) throws Refusal {
        long number = Numbers.whole(text, -1);
        if (number < 0) {
            throw new Refusal(name);
        }
        return number;
    }
}
