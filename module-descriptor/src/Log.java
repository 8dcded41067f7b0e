/**
 * The instance's log in STARFACE, whose type differs between versions. A log that cannot be written stops nothing.
 * Nothing that is logged holds a status text, a key or a caller's number.
 */
final class Log {
    private final Object log;

    Log(Object environment) {
        Object found = null;
        try {
            found = Api.GET_LOG.call(environment);
        } catch (PbxException missing) {
            // There is no other place to say so.
        }
        log = found;
    }

    /** Returns what the PBX itself wants to be handed as a log. */
    Object raw() {
        return log;
    }

    void info(String sentence) {
        write(sentence, Api.LOG4J_INFO, Api.COMMONS_INFO);
    }

    void warn(String sentence) {
        write(sentence, Api.LOG4J_WARN, Api.COMMONS_WARN);
    }

    private void write(String sentence, Symbol log4j, Symbol commons) {
        if (log == null) {
            return;
        }
        try {
            Symbol level = log4j.exists(sentence) ? log4j : commons;
            level.call(log, sentence);
        } catch (PbxException unwritten) {
            // There is no other place to say so.
        }
    }
}
