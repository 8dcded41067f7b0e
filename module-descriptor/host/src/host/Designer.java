package host;

import de.vertico.starface.module.core.model.VariableType;
import de.vertico.starface.module.core.runtime.IAGIJavaExecutable;
import de.vertico.starface.module.core.runtime.IAGIRuntimeEnvironment;
import de.vertico.starface.module.core.runtime.IBaseExecutable;
import de.vertico.starface.module.core.runtime.annotations.Function;
import de.vertico.starface.module.core.runtime.annotations.InputVar;
import de.vertico.starface.module.core.runtime.annotations.OutputVar;
import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.w3c.dom.Element;

/**
 * Runs the descriptor's designer functions: hands a caller's values by the names of the function's inputs, calls Java
 * functions with their public fields set by their annotations, and binds what they give to the function's outputs.
 */
final class Designer {
    private final Element module;
    private final ClassLoader classes;
    private final Map<String, Element> functions = new HashMap<>();

    Designer(Element module, ClassLoader classes) {
        this.module = module;
        this.classes = classes;
        for (Element function : Xml.children(Xml.child(module, "children"), "function")) {
            functions.put(function.getAttribute("id"), function);
        }
    }

    /** Runs the function that an entry point refers to. */
    Map<String, Object> run(Element entryPoint, Map<?, ?> given, IAGIRuntimeEnvironment environment)
            throws Exception {
        Element reference = Xml.child(entryPoint, "functionReference");
        require(reference.getAttribute("targetDomainId").equals(module.getAttribute("id")), "another module's function");
        Element function = functions.get(reference.getAttribute("targetId"));
        require(function != null && !isJava(function), "an entry point refers to a designer function");
        Map<String, Object> values = new HashMap<>();
        for (Element input : variables(function, "inputVars")) {
            Object value = given.get(input.getAttribute("name"));
            values.put(input.getAttribute("id"), convert(type(input), value));
        }
        for (Element statement : Xml.children(Xml.child(function, "children"))) {
            require(statement.getTagName().equals("functionCall"), "only calls of functions are stood in for");
            call(statement, values, environment);
        }
        Map<String, Object> results = new LinkedHashMap<>();
        for (Element output : variables(function, "outputVars")) {
            results.put(output.getAttribute("name"), values.get(output.getAttribute("id")));
        }
        return results;
    }

    private void call(Element call, Map<String, Object> values, IAGIRuntimeEnvironment environment) throws Exception {
        Element function = functions.get(Xml.child(call, "target").getAttribute("targetId"));
        require(function != null && isJava(function), "only the module's own Java functions are stood in for");
        checkSignature(call, function);
        Class<?> type = classes.loadClass(function.getAttribute("name"));
        require(type.isAnnotationPresent(Function.class), type + " is no function");
        checkFields(type, function);
        Object target = type.getDeclaredConstructor().newInstance();
        for (Element input : variables(call, "inputVars")) {
            boolean isReference = input.getAttribute("valueByReference").equals("true");
            String text = Xml.text(input, "value");
            require(!isReference || values.containsKey(text), "a reference leads nowhere");
            Object value = isReference ? values.get(text) : text;
            type.getField(input.getAttribute("id")).set(target, convert(type(input), value));
        }
        execute(target, environment);
        for (Element output : variables(call, "outputVars")) {
            Object value = type.getField(output.getAttribute("id")).get(target);
            values.put(Xml.text(output, "value"), convert(type(output), value));
        }
    }

    private static void execute(Object target, IAGIRuntimeEnvironment environment) throws Exception {
        if (target instanceof IAGIJavaExecutable) {
            require(environment.getCallerChannelName() != null, "only a call runs " + target.getClass());
            ((IAGIJavaExecutable) target).execute(environment);
        } else {
            ((IBaseExecutable) target).execute(environment);
        }
    }

    /** A call whose variables are not those of its target is refused at the import. */
    private static void checkSignature(Element call, Element function) {
        for (String part : List.of("inputVars", "outputVars")) {
            require(signature(call, part).equals(signature(function, part)), "the target has another signature");
        }
    }

    private static Map<String, String> signature(Element element, String part) {
        Map<String, String> types = new HashMap<>();
        for (Element variable : variables(element, part)) {
            types.put(variable.getAttribute("id"), variable.getAttribute("type"));
        }
        return types;
    }

    /** The descriptor's variables are exactly the annotated fields. */
    private static void checkFields(Class<?> type, Element function) {
        Map<String, String> inputs = new HashMap<>();
        Map<String, String> outputs = new HashMap<>();
        for (Field field : type.getFields()) {
            if (field.isAnnotationPresent(InputVar.class)) {
                inputs.put(field.getName(), field.getAnnotation(InputVar.class).type().name());
            }
            if (field.isAnnotationPresent(OutputVar.class)) {
                outputs.put(field.getName(), field.getAnnotation(OutputVar.class).type().name());
            }
        }
        require(inputs.equals(signature(function, "inputVars")), type + " has other inputs than the descriptor");
        require(outputs.equals(signature(function, "outputVars")), type + " has other outputs than the descriptor");
    }

    /** A value that cannot be converted is nothing, and no for a boolean. */
    private static Object convert(VariableType type, Object value) {
        if (type == VariableType.STRING) {
            return value instanceof Map || value instanceof List || value == null ? null : String.valueOf(value);
        }
        if (type == VariableType.BOOLEAN) {
            return Boolean.TRUE.equals(value) || "true".equals(value);
        }
        if (type == VariableType.MAP) {
            return value instanceof Map ? value : null;
        }
        require(type == VariableType.OBJECT, "variables of type " + type + " are not stood in for");
        return value;
    }

    private static boolean isJava(Element function) {
        return function.getAttribute("id").equals(function.getAttribute("name"));
    }

    private static VariableType type(Element variable) {
        return VariableType.valueOf(variable.getAttribute("type"));
    }

    private static List<Element> variables(Element element, String part) {
        return Xml.children(Xml.child(element, part), "variable");
    }

    private static void require(boolean holds, String words) {
        if (!holds) {
            throw new IllegalStateException(words);
        }
    }
}
