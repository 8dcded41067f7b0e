import de.vertico.starface.module.core.runtime.IRuntimeEnvironment;

/** STARFACE as one invocation sees it: its components and its log. */
final class Pbx {
    private final IRuntimeEnvironment environment;
    private final Log log;

    Pbx(IRuntimeEnvironment environment) {
        this.environment = environment;
        log = new Log(environment);
    }

    IRuntimeEnvironment environment() {
        return environment;
    }

    Log log() {
        return log;
    }

    /** Returns a component: from Spring since STARFACE 10, from its own provider before. */
    Object bean(String name) throws PbxException {
        Class<?> type = Symbol.type(name);
        Object bean =
                Api.SPRING.exists()
                        ? Api.GET_BEAN.call(Api.SPRING.call(environment), type)
                        : Api.FETCH.call(Api.PROVIDER.call(environment), type);
        if (bean == null) {
            throw new PbxException("this STARFACE offers no " + type.getSimpleName());
        }
        return bean;
    }

    /** Tells everybody in STARFACE that something has changed. */
    void publish(Object event) throws PbxException {
        Api.PUBLISH.call(bean(Api.EVENT_SERVICE), event, log.raw());
    }
}
