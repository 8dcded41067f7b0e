import de.vertico.starface.module.core.model.Visibility;
import de.vertico.starface.module.core.runtime.IBaseExecutable;
import de.vertico.starface.module.core.runtime.IRuntimeEnvironment;
import de.vertico.starface.module.core.runtime.annotations.Function;

/** Puts everything back at once when the instance is deleted: nobody will be asked to any more. */
@Function(
        visibility = Visibility.Private,
        rookieFunction = false,
        description = "Puts back at once what the service has put.")
public class InstanceDeleted implements IBaseExecutable {
    @Override
    public void execute(IRuntimeEnvironment environment) {
        Page page = new Page(environment);
        Instance instance = Instances.of(page.instanceId());
        new PutBack(new Pbx(environment), page, instance).everything();
        Instances.forget(page.instanceId());
        instance.events.close();
    }
}
