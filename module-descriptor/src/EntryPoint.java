import de.vertico.starface.module.core.model.VariableType;
import de.vertico.starface.module.core.model.Visibility;
import de.vertico.starface.module.core.runtime.IBaseExecutable;
import de.vertico.starface.module.core.runtime.IRuntimeEnvironment;
import de.vertico.starface.module.core.runtime.annotations.Function;
import de.vertico.starface.module.core.runtime.annotations.InputVar;
import de.vertico.starface.module.core.runtime.annotations.OutputVar;
import java.util.Map;

/**
 * Answers the entry points: each has a designer function that hands the caller's values on with its own name. Texts and
 * maps of texts alone go out, so nothing depends on how a PBX maps types. The fields bear the names of the variables.
 */
@Function(visibility = Visibility.Private, rookieFunction = false, description = "Answers one entry point.")
public class EntryPoint implements IBaseExecutable {
    @InputVar(label = "Method", description = "The name of the entry point.", type = VariableType.STRING)
    public String Method = "";

    @InputVar(label = "Key", description = "The connector key of the page.", type = VariableType.STRING)
    public String Key = "";

    @InputVar(label = "Owner", description = "The random id of the caller.", type = VariableType.STRING)
    public String Owner = "";

    @InputVar(
            label = "Seq",
            description = "A number that rises with every call of the caller.",
            type = VariableType.STRING)
    public String Seq = "";

    @InputVar(label = "Params", description = "A struct of strings and structs.", type = VariableType.OBJECT)
    public Object Params = null;

    @OutputVar(label = "Success", description = "Whether the call was carried out.", type = VariableType.BOOLEAN)
    public Boolean Success = Boolean.FALSE;

    @OutputVar(label = "Errormessage", description = "Why it was not.", type = VariableType.STRING)
    public String Errormessage = "";

    @OutputVar(label = "Data", description = "A struct of strings and structs.", type = VariableType.MAP)
    public Map<String, Object> Data = Tree.make();

    @Override
    public void execute(IRuntimeEnvironment environment) {
        Success = Boolean.FALSE;
        Errormessage = "";
        Data = Tree.make();
        Pbx pbx = new Pbx(environment);
        try {
            Page page = new Page(environment);
            if (!page.isKey(Key)) {
                throw new Refusal("key");
            }
            Request request = new Request(pbx, page, Owner, Seq, Tree.map(Params));
            request.instance.owners.renew(request.owner);
            Data = answer(request);
            Success = Boolean.TRUE;
        } catch (Refusal refusal) {
            Errormessage = Words.of(refusal);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            Errormessage = "interrupted";
        } catch (PbxException | RuntimeException | LinkageError failed) {
            Errormessage = Words.of(failed);
            pbx.log().warn(Method + " failed: " + Words.forLog(failed));
        }
    }

    private Map<String, Object> answer(Request request) throws Refusal, PbxException, InterruptedException {
        switch (Method == null ? "" : Method) {
            case "info":
                return Info.answer(request);
            case "getConfig":
                return GetConfig.answer(request);
            case "getMembers":
                return GetMembers.answer(request);
            case "getStates":
                return GetStates.answer(request);
            case "applyStates":
                return ApplyStates.answer(request);
            case "getRedirects":
                return GetRedirects.answer(request);
            case "applyRedirects":
                return ApplyRedirects.answer(request);
            case "drainEvents":
                return DrainEvents.answer(request);
            default:
                throw new Refusal("method");
        }
    }
}
