import de.vertico.starface.module.core.model.Visibility;
import de.vertico.starface.module.core.runtime.IAGIJavaExecutable;
import de.vertico.starface.module.core.runtime.IAGIRuntimeEnvironment;
import de.vertico.starface.module.core.runtime.annotations.Function;

/** The module's telephone number: whoever calls it ends the own appointment early. */
@Function(
        visibility = Visibility.Private,
        rookieFunction = false,
        description = "Answers a call, ends the caller's appointment early and hangs up.")
public class EndByCall implements IAGIJavaExecutable {
    /** Long enough to be heard as an answer. */
    private static final long ANSWERED_MILLIS = 1_000;

    @Override
    public void execute(IAGIRuntimeEnvironment environment) {
        long calledAt = Time.now();
        Pbx pbx = new Pbx(environment);
        Caller caller = new Caller(pbx, environment);
        try {
            int account = caller.account();
            if (account > 0) {
                Instances.of(new Page(environment).instanceId()).events.add("end", String.valueOf(account), calledAt);
                pbx.log().info("Account " + account + " ends the appointment by telephone.");
                caller.answer();
                Time.pause.accept(ANSWERED_MILLIS);
            } else {
                // Not answered: a caller from outside has no appointment here, and should not pay for the call.
                pbx.log().info("Somebody who is no user of this PBX called the number that ends appointments.");
            }
        } catch (PbxException failed) {
            pbx.log().warn("The call could not be answered, and counts all the same: " + Words.forLog(failed));
        } finally {
            hangUp(pbx, caller);
        }
    }

    private static void hangUp(Pbx pbx, Caller caller) {
        try {
            caller.hangUp();
        } catch (PbxException failed) {
            pbx.log().warn("The call could not be ended: " + Words.forLog(failed));
        }
    }
}
