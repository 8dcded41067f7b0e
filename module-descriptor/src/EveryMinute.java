import de.vertico.starface.module.core.model.Visibility;
import de.vertico.starface.module.core.runtime.IBaseExecutable;
import de.vertico.starface.module.core.runtime.IRuntimeEnvironment;
import de.vertico.starface.module.core.runtime.annotations.Function;

/** The module's timer: puts back what a service that has fallen silent has put. */
@Function(
        visibility = Visibility.Private,
        rookieFunction = false,
        description = "Puts back what a service that has fallen silent has put.")
public class EveryMinute implements IBaseExecutable {
    @Override
    public void execute(IRuntimeEnvironment environment) {
        Page page = new Page(environment);
        new PutBack(new Pbx(environment), page, Instances.of(page.instanceId())).due();
    }
}
