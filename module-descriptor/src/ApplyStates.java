import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The entry point applyStates. Everything is written first and read back then, so that it is seen when it counts. */
final class ApplyStates {
    private ApplyStates() {}

    static Map<String, Object> answer(Request request) throws Refusal {
        long seq = request.seq();
        Request.requireFew(request.params.size(), "accounts");
        request.instance.owners.take(request.owner, seq);
        UserStates states = new UserStates(request.pbx);
        List<StateWrite> writes = new ArrayList<>();
        for (Map.Entry<?, ?> param : request.params.entrySet()) {
            int account = Numbers.account(param.getKey());
            StateWrite write = new StateWrite(request, states, account, Tree.map(param.getValue()));
            if (account > 0 && write.write(seq)) {
                writes.add(write);
            }
        }
        Patience patience = new Patience();
        Map<String, Object> data = Tree.make();
        for (StateWrite write : writes) {
            data.put(String.valueOf(write.account), write.readBack(patience));
        }
        return data;
    }
}
