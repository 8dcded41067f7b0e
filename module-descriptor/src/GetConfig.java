import java.util.Map;

/** The entry point getConfig: the page, as it stands there. What its fields mean is for the service to know. */
final class GetConfig {
    private GetConfig() {}

    static Map<String, Object> answer(Request request) {
        Map<String, Object> data = Tree.make();
        data.put("revision", request.page.revision());
        data.put("fields", request.page.fields());
        data.put("lists", request.page.lists());
        return data;
    }
}
