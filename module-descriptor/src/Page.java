import de.vertico.starface.module.core.model.ModuleInstance;
import de.vertico.starface.module.core.model.Variable;
import de.vertico.starface.module.core.model.VariableType;
import de.vertico.starface.module.core.model.resource.ListResource;
import de.vertico.starface.module.core.runtime.IRuntimeEnvironment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;

/** The instance's page as it was saved last. */
final class Page {
    private static final String KEY = "GUI_CONNECTOR_KEY";
    private static final String GROUP_USER = "GUI_GRUPPEN_BENUTZER";

    /** How much of a digest tells two pages apart. */
    private static final int REVISION_BYTES = 12;

    private final ModuleInstance instance;

    Page(IRuntimeEnvironment environment) {
        instance = environment.getInvocationInfo().getModuleInstance();
    }

    String instanceId() {
        return instance.getId();
    }

    /** Returns the instance's name, which is the prefix of its methods. */
    String instanceName() {
        try {
            return String.valueOf(Api.INSTANCE_NAME.call(instance));
        } catch (PbxException missing) {
            return "";
        }
    }

    /** Returns whether a caller knows the key, in a time that tells nothing about it. An empty key fits nothing. */
    boolean isKey(String given) {
        String key = text(KEY);
        return !key.trim().isEmpty() && MessageDigest.isEqual(digest(key), digest(given == null ? "" : given));
    }

    /** Returns the account that acts for groups, or 0. */
    int groupUser() {
        return Numbers.account(text(GROUP_USER));
    }

    /** Returns every field but the key and the lists. */
    Map<String, Object> fields() {
        Map<String, Object> fields = Tree.make();
        for (Variable variable : instance.getInputVars()) {
            if (variable.getType() != VariableType.LIST && !variable.getName().equals(KEY)) {
                fields.put(variable.getName(), Words.clean(variable.getValue()));
            }
        }
        return fields;
    }

    /** Returns the lists, each numbered from 0. */
    Map<String, Object> lists() {
        Map<String, Object> lists = Tree.make();
        for (Variable variable : instance.getInputVars()) {
            if (variable.getType() == VariableType.LIST) {
                lists.put(variable.getName(), list(variable.getValue()));
            }
        }
        return lists;
    }

    /** Returns a short text that is another one whenever a field or a list is, and the same also after a start. */
    String revision() {
        // Sorted, as no version promises an order.
        byte[] digest = digest(new TreeMap<>(fields()) + "\n" + new TreeMap<>(lists()));
        StringBuilder hex = new StringBuilder();
        for (int at = 0; at < REVISION_BYTES; at++) {
            hex.append(Character.forDigit(digest[at] >> 4 & 15, 16)).append(Character.forDigit(digest[at] & 15, 16));
        }
        return hex.toString();
    }

    private Map<String, Object> list(String resource) {
        Map<String, Object> values = Tree.make();
        ListResource list = resource == null || resource.isEmpty() ? null : instance.getListResource(resource);
        if (list != null && list.getValues() != null) {
            for (String value : list.getValues()) {
                values.put(String.valueOf(values.size()), Words.clean(value));
            }
        }
        return values;
    }

    private String text(String name) {
        for (Variable variable : instance.getInputVars()) {
            if (variable.getName().equals(name)) {
                String value = variable.getValue();
                return value == null ? "" : value;
            }
        }
        return "";
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
