import java.util.Map;

/** The entry point applyRedirects. */
final class ApplyRedirects {
    private ApplyRedirects() {}

    static Map<String, Object> answer(Request request) throws Refusal {
        long seq = request.seq();
        int redirects = 0;
        for (Object records : request.params.values()) {
            redirects += Tree.map(records).size();
        }
        Request.requireFew(request.params.size(), "accounts");
        Request.requireFew(redirects, "redirects");
        request.instance.owners.take(request.owner, seq);
        Map<String, Object> data = Tree.make();
        for (Map.Entry<?, ?> param : request.params.entrySet()) {
            int account = Numbers.account(param.getKey());
            RedirectWrite write = new RedirectWrite(request, account, Tree.map(param.getValue()));
            if (account > 0 && write.write(seq)) {
                data.put(String.valueOf(account), write.answer());
            }
        }
        return data;
    }
}
