package de.starface.integration.uci.java.v30.types;

import de.starface.integration.uci.java.v30.values.ChatPresence;
import host.Account;

/** A copy of what a user shows; changing it changes nothing there. This version does not tell what telephones do. */
public class UserState {
    private ChatPresence chatPresence;
    private String chatPresenceMessage;

    public UserState(Account account) {
        chatPresence = account.presence;
        chatPresenceMessage = account.text;
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
}
