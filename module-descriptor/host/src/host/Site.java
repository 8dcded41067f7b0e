package host;

import de.vertico.starface.module.core.model.Module;
import de.vertico.starface.module.core.model.ModuleInstance;
import de.vertico.starface.module.core.model.Variable;
import de.vertico.starface.module.core.model.VariableType;
import de.vertico.starface.module.core.model.resource.ListResource;
import de.vertico.starface.module.core.runtime.IAGIRuntimeEnvironment;
import de.vertico.starface.module.core.runtime.InvocationInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.w3c.dom.Element;

/** The imported module with its one instance: the page, and the entry points. */
final class Site {
    private static final String NO_CALL = null;

    final Clock clock = new Clock();
    private final ModuleFile file;
    private final ModuleInstance instance;
    private final InvocationInfo info;
    private volatile Designer designer;
    private volatile boolean isDeleted;

    Site(ModuleFile file, String name) throws ReflectiveOperationException {
        this.file = file;
        Element module = file.descriptor;
        Map<String, ListResource> lists = new HashMap<>();
        for (Element list : Xml.children(Xml.child(module, "resources"), "listResource")) {
            lists.put(list.getAttribute("id"), new ListResource());
        }
        List<Variable> variables = new ArrayList<>();
        for (Element variable : Xml.children(Xml.child(module, "inputVars"), "variable")) {
            VariableType type = VariableType.valueOf(variable.getAttribute("type"));
            String value = Xml.text(variable, "value");
            variables.add(new Variable(variable.getAttribute("id"), variable.getAttribute("name"), type, value));
        }
        instance = new ModuleInstance(UUID.randomUUID().toString(), name, variables, lists);
        long version = Long.parseLong(module.getAttribute("version"));
        Module imported = new Module(module.getAttribute("id"), module.getAttribute("name"), version);
        info = new InvocationInfo(imported, instance);
        load();
    }

    /** Loads the module's classes anew, as an update or a start of the PBX does. */
    void load() throws ReflectiveOperationException {
        ClassLoader classes = file.load();
        clock.replace(classes.loadClass("Time"));
        designer = new Designer(file.descriptor, classes);
    }

    /** Calls an entry point by its method's whole name; null where there is none. */
    Map<String, Object> call(String method, Map<?, ?> given) throws Exception {
        for (Element entryPoint : entryPoints("rpcEntryPoint")) {
            boolean isMeant = method.equals(instance.getName() + "." + entryPoint.getAttribute("name"));
            if (isMeant && !isDeleted && Xml.text(entryPoint, "type").equals("XMLRPC_auth")) {
                return designer.run(entryPoint, given, environment(NO_CALL));
            }
        }
        return null;
    }

    /** Runs the function at a stage of the instance's life. */
    void reach(String stage) throws Exception {
        for (Element entryPoint : entryPoints("lifeCycleEntryPoint")) {
            if (Xml.text(entryPoint, "stage").equals(stage)) {
                designer.run(entryPoint, Collections.emptyMap(), environment(NO_CALL));
            }
        }
    }

    void create() throws ReflectiveOperationException {
        load();
        isDeleted = false;
    }

    void delete() throws Exception {
        reach("InstanceDeleted");
        isDeleted = true;
    }

    void strike() throws Exception {
        for (Element entryPoint : entryPoints("timerEntryPoint")) {
            requireEveryMinute(entryPoint.getAttribute("referencedTimer"));
            designer.run(entryPoint, Collections.emptyMap(), environment(NO_CALL));
        }
    }

    /** Puts a call through to the module's number. */
    void dial(String channel) throws Exception {
        for (Element entryPoint : entryPoints("agiServiceEntryPoint")) {
            designer.run(entryPoint, Collections.emptyMap(), environment(channel));
        }
    }

    /** Fills a field of the page. */
    void fill(String name, List<String> values) {
        for (Variable variable : instance.getInputVars()) {
            if (variable.getName().equals(name)) {
                if (variable.getType() == VariableType.LIST) {
                    instance.getListResource(variable.getValue()).setValues(values);
                } else {
                    variable.setValue(values.isEmpty() ? "" : values.get(0));
                }
                return;
            }
        }
        throw new IllegalArgumentException("the page has no field " + name);
    }

    private void requireEveryMinute(String id) {
        for (Element timer : Xml.children(Xml.child(file.descriptor, "resources"), "timer")) {
            boolean isMinute = timer.getAttribute("period").equals("Minute");
            if (timer.getAttribute("id").equals(id) && isMinute && timer.getAttribute("multiplikator").equals("1")) {
                return;
            }
        }
        throw new IllegalStateException("the timer is not one of every minute");
    }

    private IAGIRuntimeEnvironment environment(String channel) {
        return Version.environment(info, channel);
    }

    private List<Element> entryPoints(String kind) {
        return Xml.children(Xml.child(file.descriptor, "entryPoints"), kind);
    }
}
