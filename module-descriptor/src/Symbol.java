import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/**
 * A part of STARFACE that differs between versions, and so is looked for by name when it is needed. One that is missing
 * costs only what needs it. Looked for on the declaring class, never on the object's own, which may not be public.
 */
final class Symbol {
    private final String owner;
    private final String name;
    /** Null where the arguments decide. */
    private final String[] types;
    private volatile Member found;

    private Symbol(String owner, String name, String[] types) {
        this.owner = owner;
        this.name = name;
        this.types = types;
    }

    static Symbol method(String owner, String name, String... types) {
        return new Symbol(owner, name, types);
    }

    /** A method whose parameters are not the same everywhere: the first that takes the arguments. */
    static Symbol anyMethod(String owner, String name) {
        return new Symbol(owner, name, null);
    }

    static Symbol field(String owner, String name) {
        return new Symbol(owner, name, null);
    }

    static Symbol constructor(String owner, String... types) {
        return new Symbol(owner, "<init>", types);
    }

    /** Returns a class of STARFACE. */
    static Class<?> type(String name) throws PbxException {
        try {
            return Class.forName(name, true, Symbol.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError missing) {
            throw new PbxException(simple(name) + " is missing in this STARFACE");
        }
    }

    /** Returns an enum constant, or null where the enum has none of this name. */
    static Object constant(String type, String name) throws PbxException {
        Object[] constants = type(type).getEnumConstants();
        if (constants == null) {
            throw new PbxException(simple(type) + " is no enum in this STARFACE");
        }
        for (Object constant : constants) {
            if (nameOf(constant).equals(name)) {
                return constant;
            }
        }
        return null;
    }

    /** Returns the name of an enum constant; an empty text for null. */
    static String nameOf(Object constant) {
        if (constant == null) {
            return "";
        }
        return constant instanceof Enum ? ((Enum<?>) constant).name() : constant.toString();
    }

    /** Returns whether this STARFACE has it. */
    boolean exists(Object... arguments) {
        try {
            find(arguments);
            return true;
        } catch (PbxException missing) {
            return false;
        }
    }

    /** Calls the method; the target of a static one is null. */
    Object call(Object target, Object... arguments) throws PbxException {
        Method method = (Method) find(arguments);
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw failed(thrown.getCause());
        } catch (IllegalAccessException | RuntimeException wrong) {
            throw failed(wrong);
        }
    }

    /** Calls the method of what the one before returned, by the type that one declares. */
    static Object callOnResult(Symbol before, Object target, String name) throws PbxException {
        Method method = (Method) before.find();
        Object result = before.call(target);
        return result == null ? null : method(method.getReturnType().getName(), name).call(result);
    }

    /** Calls the constructor. */
    Object make(Object... arguments) throws PbxException {
        Constructor<?> constructor = (Constructor<?>) find(arguments);
        try {
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException thrown) {
            throw failed(thrown.getCause());
        } catch (ReflectiveOperationException | RuntimeException wrong) {
            throw failed(wrong);
        }
    }

    /** Reads the field. */
    Object read(Object target) throws PbxException {
        try {
            return findField().get(target);
        } catch (IllegalAccessException | RuntimeException wrong) {
            throw failed(wrong);
        }
    }

    /** Writes the field. */
    void write(Object target, Object value) throws PbxException {
        try {
            findField().set(target, value);
        } catch (IllegalAccessException | RuntimeException wrong) {
            throw failed(wrong);
        }
    }

    @Override
    public String toString() {
        return name.equals("<init>") ? "new " + simple(owner) : simple(owner) + "." + name;
    }

    private PbxException failed(Throwable cause) {
        if (cause instanceof VirtualMachineError) {
            throw (VirtualMachineError) cause;
        }
        return new PbxException(toString(), cause);
    }

    private Member find(Object... arguments) throws PbxException {
        if (types == null) {
            // Another overload may fit the next arguments, so this is not kept.
            return findByArguments(arguments);
        }
        if (found == null) {
            found = findByTypes();
        }
        return found;
    }

    private Member findByTypes() throws PbxException {
        Class<?>[] classes = new Class<?>[types.length];
        for (int at = 0; at < types.length; at++) {
            classes[at] = parameter(types[at]);
        }
        try {
            Class<?> type = type(owner);
            return name.equals("<init>") ? type.getConstructor(classes) : type.getMethod(name, classes);
        } catch (NoSuchMethodException | LinkageError missing) {
            throw missing();
        }
    }

    private Member findByArguments(Object[] arguments) throws PbxException {
        try {
            for (Method method : type(owner).getMethods()) {
                if (method.getName().equals(name) && !method.isBridge() && takes(method, arguments)) {
                    return method;
                }
            }
        } catch (LinkageError broken) {
            throw new PbxException(toString(), broken);
        }
        throw missing();
    }

    private Field findField() throws PbxException {
        if (found == null) {
            try {
                Field field = type(owner).getField(name);
                if (Modifier.isStatic(field.getModifiers())) {
                    throw missing();
                }
                found = field;
            } catch (NoSuchFieldException | LinkageError absent) {
                throw missing();
            }
        }
        return (Field) found;
    }

    private PbxException missing() {
        return new PbxException(this + " is missing in this STARFACE");
    }

    private static boolean takes(Method method, Object[] arguments) {
        Class<?>[] parameters = method.getParameterTypes();
        if (parameters.length != arguments.length) {
            return false;
        }
        for (int at = 0; at < parameters.length; at++) {
            if (!takes(parameters[at], arguments[at])) {
                return false;
            }
        }
        return true;
    }

    private static boolean takes(Class<?> parameter, Object argument) {
        if (parameter == int.class) {
            return argument instanceof Integer;
        }
        if (parameter == boolean.class) {
            return argument instanceof Boolean;
        }
        return argument == null ? !parameter.isPrimitive() : parameter.isInstance(argument);
    }

    private static Class<?> parameter(String name) throws PbxException {
        if (name.equals("int")) {
            return int.class;
        }
        return name.equals("boolean") ? boolean.class : type(name);
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
