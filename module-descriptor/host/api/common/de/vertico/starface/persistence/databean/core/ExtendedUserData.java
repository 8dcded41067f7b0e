package de.vertico.starface.persistence.databean.core;

import host.Account;

public class ExtendedUserData {
    private final Account account;

    public ExtendedUserData(Account account) {
        this.account = account;
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
        return account.doNotDisturb;
    }
}
