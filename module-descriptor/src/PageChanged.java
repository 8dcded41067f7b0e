import de.vertico.starface.module.core.model.Visibility;
import de.vertico.starface.module.core.runtime.IBaseExecutable;
import de.vertico.starface.module.core.runtime.IRuntimeEnvironment;
import de.vertico.starface.module.core.runtime.annotations.Function;

/** Tells the service that the page was saved, so that it need not ask for it all the time. */
@Function(
        visibility = Visibility.Private,
        rookieFunction = false,
        description = "Tells the service that the page was saved.")
public class PageChanged implements IBaseExecutable {
    @Override
    public void execute(IRuntimeEnvironment environment) {
        Instances.of(new Page(environment).instanceId()).events.add("config", "", Time.now());
    }
}
