import java.util.Map;

/** The entry point getStates: what users show. Whoever is no user, or cannot be read, is left out. */
final class GetStates {
    private GetStates() {}

    static Map<String, Object> answer(Request request) throws Refusal {
        UserStates states = new UserStates(request.pbx);
        Map<String, Object> data = Tree.make();
        for (int account : request.accounts()) {
            try {
                Map<String, String> shown = states.read(account);
                if (shown != null) {
                    data.put(String.valueOf(account), tree(request.instance, account, shown));
                }
            } catch (PbxException | RuntimeException | LinkageError unreadable) {
                request.pbx.log().warn("Account " + account + " cannot be read: " + Words.forLog(unreadable));
            }
        }
        return data;
    }

    private static Map<String, Object> tree(Instance instance, int account, Map<String, String> shown) {
        BackRow row = instance.back.find(BackRow.keyOfState(account, StateField.INDICATOR));
        boolean busy = Telephone.isBusy(shown, row == null ? null : row.put);
        Map<String, Object> tree = Tree.make();
        tree.putAll(shown);
        tree.put("inCall", busy ? "true" : "");
        return tree;
    }
}
