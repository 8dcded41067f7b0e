/** Switches do not disturb. No version documents how, so every known way is tried until one is seen to work. */
final class DoNotDisturb {
    private final Pbx pbx;
    private final Users users;

    DoNotDisturb(Pbx pbx, Users users) {
        this.pbx = pbx;
        this.users = users;
    }

    /** Switches it. A way that was accepted and cannot be seen to work is no error: what is read back tells. */
    void write(int account, String value) throws PbxException {
        boolean on = value.equals("true");
        PbxException refused = null;
        boolean accepted = false;
        if (Api.NEW_DND_FUNCTION.exists()) {
            try {
                runFunction(account, on);
                accepted = true;
            } catch (PbxException failed) {
                refused = failed;
            }
        }
        for (String owner : Api.DND_OWNERS) {
            if (accepted && isOrCannotBeTold(account, value)) {
                return;
            }
            try {
                accepted |= callMethod(owner, account, on);
            } catch (PbxException failed) {
                refused = failed;
            }
        }
        if (!accepted) {
            throw refused == null ? new PbxException("this STARFACE offers no way to set do not disturb") : refused;
        }
    }

    private boolean isOrCannotBeTold(int account, String value) {
        users.refresh();
        String shown = users.doNotDisturb(account);
        return shown.isEmpty() || shown.equals(value);
    }

    private void runFunction(int account, boolean on) throws PbxException {
        Object function = Api.NEW_DND_FUNCTION.make();
        Api.DND_FUNCTION_USER.write(function, account);
        Api.DND_FUNCTION_ON.write(function, on);
        Api.RUN_DND_FUNCTION.call(function, pbx.environment());
    }

    /** Returns whether the component has one of the methods. */
    private boolean callMethod(String owner, int account, boolean on) throws PbxException {
        for (String name : Api.DND_METHODS) {
            Symbol method = Symbol.method(owner, name, "int", "boolean");
            if (method.exists()) {
                method.call(pbx.bean(owner), account, on);
                return true;
            }
        }
        return false;
    }
}
