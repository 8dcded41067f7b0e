package de.starface.integration.uci.java.v30.types;

import de.starface.integration.uci.java.v30.values.ChatPresence;
import de.starface.integration.uci.java.v30.values.TelephonyState;
import host.Account;

/** A copy of what a user shows; changing it changes nothing there. */
public class UserState {
    private ChatPresence chatPresence;
    private String chatPresenceMessage;
    private final TelephonyState telephonyState;

    public UserState(Account account) {
        chatPresence = account.presence;
        chatPresenceMessage = account.text;
        telephonyState = account.shownTelephony();
    }

    public ChatPresence getChatPresence() {
        return chatPresence;
    }

    public void setChatPresence(ChatPresence chatPresence) {
        this.chatPresence = chatPresence;
    }

    public String getChatPresenceMessage() {
        return chatPresenceMessage;
    }

    public void setChatPresenceMessage(String chatPresenceMessage) {
        this.chatPresenceMessage = chatPresenceMessage;
    }

    public TelephonyState getTelephonyState() {
        return telephonyState;
    }
}
