import java.lang.reflect.Field;
import java.util.Map;

/** The entry point info: what module this is, in what STARFACE, and who writes. */
final class Info {
    /** Raised when an entry point changes in a way that older services do not understand. */
    private static final String API = "1";

    private Info() {}

    static Map<String, Object> answer(Request request) {
        Instance instance = request.instance;
        Map<String, Object> data = Tree.make();
        data.put("moduleVersion", moduleVersion(request.pbx));
        data.put("api", API);
        data.put("instanceId", request.page.instanceId());
        data.put("instanceName", request.page.instanceName());
        data.put("starfaceVersion", starfaceVersion(request.pbx));
        data.put("configRevision", request.page.revision());
        data.put("queue", instance.events.name());
        data.put("eventSeq", String.valueOf(instance.events.seq()));
        data.put("owner", instance.owners.owner());
        data.put("lastSeq", String.valueOf(instance.owners.lastSeq()));
        return data;
    }

    private static String moduleVersion(Pbx pbx) {
        try {
            Object module = Api.GET_MODULE.call(pbx.environment().getInvocationInfo());
            return String.valueOf(Api.MODULE_VERSION.call(module));
        } catch (PbxException missing) {
            return "";
        }
    }

    /** The function has one text to give; what its field is called is not known. */
    private static String starfaceVersion(Pbx pbx) {
        try {
            Object function = Api.NEW_VERSION_FUNCTION.make();
            Api.RUN_VERSION_FUNCTION.call(function, pbx.environment());
            for (Field field : function.getClass().getFields()) {
                Object value = field.get(function);
                if (value instanceof String && !((String) value).isEmpty()) {
                    return Words.clean((String) value);
                }
            }
        } catch (PbxException | IllegalAccessException missing) {
            // It is only for people to read.
        }
        return "";
    }
}
