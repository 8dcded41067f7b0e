import de.vertico.starface.module.core.runtime.IAGIRuntimeEnvironment;

/** Whoever dials the module's number, and the call. */
final class Caller {
    private final Pbx pbx;
    private final IAGIRuntimeEnvironment environment;

    Caller(Pbx pbx, IAGIRuntimeEnvironment environment) {
        this.pbx = pbx;
        this.environment = environment;
    }

    /** Returns the caller's account; 0 for somebody from outside, or where it cannot be told. */
    int account() {
        int account = byFunction();
        return account > 0 ? account : byChannel();
    }

    /** Answers the call, by the built-in function or else by the component behind it. */
    void answer() throws PbxException {
        try {
            Api.RUN_ANSWER_FUNCTION.call(Api.NEW_ANSWER_FUNCTION.make(), environment);
        } catch (PbxException failed) {
            Api.ANSWER.call(pbx.bean(Api.CALLS), environment.getCallerChannelName(), 0);
        }
    }

    /** Ends the call in the same way. */
    void hangUp() throws PbxException {
        try {
            Api.RUN_HANGUP_FUNCTION.call(Api.NEW_HANGUP_FUNCTION.make(), environment);
        } catch (PbxException failed) {
            Api.HANGUP.call(pbx.bean(Api.CALLS), environment.getCallerChannelName(), usualCause());
        }
    }

    private int byFunction() {
        try {
            Object function = Api.NEW_CALLER_FUNCTION.make();
            Api.RUN_CALLER_FUNCTION.call(function, environment);
            return Numbers.account(Api.CALLER_ACCOUNT.read(function));
        } catch (PbxException unknown) {
            return 0;
        }
    }

    private int byChannel() {
        try {
            Object call = Api.CALL_OF_CHANNEL.call(pbx.bean(Api.CALLS), environment.getCallerChannelName());
            Object id = call == null ? 0 : Symbol.callOnResult(Api.CALLER_OF_CALL, call, Api.PARTICIPANT_ID);
            return Numbers.account(id);
        } catch (PbxException unknown) {
            return 0;
        }
    }

    /** The causes are those of Asterisk; which names they have here is not known. */
    private static Object usualCause() throws PbxException {
        Object[] causes = Symbol.type(Api.HANGUP_CAUSE).getEnumConstants();
        for (Object cause : causes) {
            if (Symbol.nameOf(cause).contains("NORMAL")) {
                return cause;
            }
        }
        return causes[0];
    }
}
