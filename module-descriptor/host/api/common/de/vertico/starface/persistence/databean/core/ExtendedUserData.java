package de.vertico.starface.persistence.databean.core;

import host.Account;

public class ExtendedUserData {
    private final Account account;
    /** As it was when the bean was made; a bean is a copy. */
    private final boolean doNotDisturb;

    public ExtendedUserData(Account account) {
        this.account = account;
        doNotDisturb = account.doNotDisturb;
    }

    public int getAccountId() {
        return account.id;
    }

    public String getLoginNumber() {
        account.failIfBroken();
        return account.login;
    }

    public String getFirstName() {
        return account.firstName;
    }

    public String getFamilyName() {
        return account.familyName;
    }

    public String getEmail() {
        return account.email;
    }

    public boolean isDnd() {
        return doNotDisturb;
    }
}
