package de.starface.ch.processing.bo.api.pojo.data;

public class PojoParticipant {
    private final int account;

    public PojoParticipant(int account) {
        this.account = account;
    }

    public String getParticipantId() {
        return String.valueOf(account);
    }
}
