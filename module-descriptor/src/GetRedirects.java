import java.util.Map;

/** The entry point getRedirects. Whoever is no user, or cannot be read, is left out. */
final class GetRedirects {
    private GetRedirects() {}

    static Map<String, Object> answer(Request request) throws Refusal {
        Users users = new Users(request.pbx);
        Redirects redirects = new Redirects(request.pbx, request.page.groupUser());
        Map<String, Object> data = Tree.make();
        for (int account : request.accounts()) {
            try {
                if (users.find(account) != null) {
                    data.put(String.valueOf(account), tree(redirects, account));
                }
            } catch (PbxException | RuntimeException | LinkageError unreadable) {
                String words = Words.forLog(unreadable);
                request.pbx.log().warn("The redirects of account " + account + " cannot be read: " + words);
            }
        }
        return data;
    }

    private static Map<String, Object> tree(Redirects redirects, int account) throws PbxException {
        Map<String, Object> tree = Tree.make();
        for (Redirect redirect : redirects.of(account)) {
            tree.put(String.valueOf(tree.size()), redirect.tree());
        }
        return tree;
    }
}
