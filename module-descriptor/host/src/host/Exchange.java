package host;

import de.starface.bo.events.NewUserStateEvent;
import de.starface.ch.processing.bo.api.events.TelephonyStateChangedEvent;
import de.starface.core.component.events.Event;
import de.starface.integration.uci.java.v30.types.Mailbox;
import de.starface.integration.uci.java.v30.types.RedirectSetting;
import de.starface.integration.uci.java.v30.types.UserState;
import de.starface.integration.uci.java.v30.values.ChatPresence;
import de.starface.integration.uci.java.v30.values.RedirectSettingDestinationType;
import de.starface.integration.uci.java.v30.values.RedirectSettingType;
import de.starface.integration.uci.java.v30.values.TelephonyState;
import de.vertico.starface.persistence.databean.core.ExtendedUserData;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The memory of the PBX, behind the classes that the module knows. */
public final class Exchange {
    public static final Exchange PBX = new Exchange();

    final MemoryLog log = new MemoryLog();
    private final Map<Integer, Account> accounts = new TreeMap<>();
    private final Map<Integer, Set<Integer>> groups = new HashMap<>();
    /** The users who may redirect numbers of groups. */
    private final Set<Integer> withGroupRight = new HashSet<>();
    private final Map<String, Integer> callers = new HashMap<>();
    /** What was done with calls, and how redirects were asked for. */
    private final List<Object> deeds = new ArrayList<>();
    private final Deque<Event> bus = new ArrayDeque<>();
    private boolean isBusSlow;
    private boolean hidesLamps;
    private int textMax = Integer.MAX_VALUE;

    private Exchange() {}

    // What the module's classes ask for.

    public synchronized List<ExtendedUserData> users() {
        List<ExtendedUserData> users = new ArrayList<>();
        for (Account account : accounts.values()) {
            users.add(new ExtendedUserData(account));
        }
        return users;
    }

    public synchronized ExtendedUserData user(int account) {
        Account found = find(account);
        return found == null ? null : new ExtendedUserData(found);
    }

    public synchronized UserState userState(int account) {
        Account found = find(account);
        return found == null ? null : new UserState(found);
    }

    /** A group's users in no order; only some of them where those on duty are asked for. */
    public synchronized List<Integer> usersOfGroup(int group, boolean onDuty) {
        Set<Integer> users = groups.get(group);
        if (users == null) {
            throw new IllegalArgumentException("unknown group");
        }
        List<Integer> listed = new ArrayList<>(new TreeSet<>(users).descendingSet());
        return onDuty ? listed.subList(0, listed.size() / 2) : listed;
    }

    public synchronized void publish(Event event) {
        if (isBusSlow) {
            bus.add(event);
        } else {
            carryOut(event);
        }
    }

    public synchronized void setDoNotDisturb(int account, boolean on) {
        Account found = known(account);
        found.failIfRefused();
        found.doNotDisturb = on;
    }

    public synchronized List<RedirectSetting> redirects(int account, RedirectSettingType trigger) {
        Account found = known(account);
        List<Mailbox> mailboxes = new ArrayList<>();
        found.mailboxes.forEach((id, name) -> mailboxes.add(new Mailbox(id, name)));
        List<RedirectSetting> settings = new ArrayList<>();
        for (NumberRecord record : found.numbers) {
            if (record.trigger == trigger) {
                settings.add(new RedirectSetting(record, mailboxes));
            }
        }
        return settings;
    }

    /** Refuses what a PBX refuses; a group's number without the right to it stays as it is, without a word. */
    public synchronized void setRedirect(int actor, int account, RedirectSetting setting) {
        Account found = known(account);
        found.failIfRefused();
        deeds.add("redirect " + setting.getCalledNumber() + " as " + actor);
        NumberRecord record = record(found, setting.getCalledNumber(), setting.getType());
        if (record.isGroup && !withGroupRight.contains(actor)) {
            return;
        }
        if (!record.isGroup && actor != account) {
            throw new SecurityException("not the number of the acting user");
        }
        boolean isVoicemail = setting.getDestinationType() == RedirectSettingDestinationType.VOICEMAIL;
        if (setting.isEnabled() && isVoicemail && !found.mailboxes.containsKey(setting.getDestination())) {
            throw new IllegalArgumentException("no such mailbox");
        }
        if (setting.isEnabled() && setting.getDestination().startsWith("+")) {
            throw new IllegalArgumentException("a number begins with 00");
        }
        record.set(setting.isEnabled(), setting.getDestinationType(), setting.getDestination());
    }

    public synchronized int callerOf(String channel) {
        return callers.getOrDefault(channel, 0);
    }

    public synchronized void answer(String channel) {
        deeds.add("answer " + channel);
    }

    public synchronized void hangUp(String channel) {
        deeds.add("hang up " + channel);
    }

    synchronized boolean hidesLamps() {
        return hidesLamps;
    }

    // What people and tests do.

    /** Forgets everything. */
    synchronized void clear() {
        accounts.clear();
        groups.clear();
        withGroupRight.clear();
        callers.clear();
        deeds.clear();
        bus.clear();
        isBusSlow = false;
        hidesLamps = false;
        textMax = Integer.MAX_VALUE;
    }

    synchronized void addUser(int account, String login, String firstName, String familyName, String email) {
        accounts.put(account, new Account(account, login, firstName, familyName, email));
    }

    synchronized void deleteUser(int account) {
        accounts.remove(account);
        groups.values().forEach(users -> users.remove(account));
    }

    synchronized void setGroup(int group, Set<Integer> users) {
        groups.put(group, users);
    }

    synchronized void addNumber(int account, String number) {
        for (RedirectSettingType trigger : RedirectSettingType.values()) {
            accounts.get(account).numbers.add(new NumberRecord(number, trigger, false));
        }
    }

    /** Adds a number of a group to everybody who is in the group now. */
    synchronized void addGroupNumber(int group, String number) {
        for (RedirectSettingType trigger : RedirectSettingType.values()) {
            NumberRecord record = new NumberRecord(number, trigger, true);
            groups.get(group).forEach(account -> accounts.get(account).numbers.add(record));
        }
    }

    synchronized void allowGroupNumbers(int account) {
        withGroupRight.add(account);
    }

    synchronized void call(String channel, int account) {
        callers.put(channel, account);
    }

    synchronized Account account(int account) {
        Account found = accounts.get(account);
        if (found == null) {
            throw new IllegalArgumentException("no account " + account);
        }
        return found;
    }

    synchronized void redirect(int account, String number, boolean enabled, String type, String destination) {
        NumberRecord record = record(accounts.get(account), number, RedirectSettingType.ALWAYS);
        record.set(enabled, RedirectSettingDestinationType.valueOf(type), destination);
    }

    synchronized void makeBusSlow(boolean isSlow) {
        isBusSlow = isSlow;
        deliver();
    }

    synchronized void hideLamps(boolean hides) {
        hidesLamps = hides;
    }

    synchronized void cutTexts(int most) {
        textMax = most;
    }

    /** Lets everything that was published take effect. */
    synchronized void deliver() {
        while (!bus.isEmpty()) {
            carryOut(bus.remove());
        }
    }

    /** Starts the PBX again: presence, text and lamps are lost. */
    synchronized void restart() {
        for (Account account : accounts.values()) {
            account.presence = ChatPresence.AVAILABLE;
            account.text = "";
            account.lamp = TelephonyState.AVAILABLE;
            account.isInCall = false;
        }
        bus.clear();
    }

    synchronized Map<String, Object> dump() {
        Map<String, Object> shown = new TreeMap<>();
        accounts.forEach((id, account) -> shown.put(String.valueOf(id), dump(account)));
        Map<String, Object> dump = new TreeMap<>();
        dump.put("accounts", shown);
        dump.put("deeds", new ArrayList<>(deeds));
        dump.put("log", log.lines());
        return dump;
    }

    private static Map<String, Object> dump(Account account) {
        Map<String, Object> redirects = new TreeMap<>();
        for (NumberRecord record : account.numbers) {
            Map<String, Object> redirect = new TreeMap<>();
            redirect.put("enabled", record.enabled);
            redirect.put("destinationType", String.valueOf(record.type));
            redirect.put("destination", record.destination);
            redirects.put(record.number + " " + record.trigger, redirect);
        }
        Map<String, Object> shown = new TreeMap<>();
        shown.put("presence", account.presence.name());
        shown.put("text", account.text);
        shown.put("lamp", account.lamp.name());
        shown.put("dnd", account.doNotDisturb);
        shown.put("inCall", account.isInCall);
        shown.put("redirects", redirects);
        return shown;
    }

    private void carryOut(Event event) {
        if (event instanceof NewUserStateEvent) {
            NewUserStateEvent changed = (NewUserStateEvent) event;
            Account account = known(changed.accountId);
            account.failIfRefused();
            String text = changed.state.getChatPresenceMessage();
            account.presence = changed.state.getChatPresence();
            account.text = text.length() <= textMax ? text : text.substring(0, textMax);
        } else if (event instanceof TelephonyStateChangedEvent) {
            TelephonyStateChangedEvent changed = (TelephonyStateChangedEvent) event;
            Account account = known(changed.accountId);
            account.failIfRefused();
            account.lamp = changed.state;
        } else {
            throw new IllegalArgumentException("unknown event " + event);
        }
    }

    private Account find(int account) {
        Account found = accounts.get(account);
        if (found != null) {
            found.failIfBroken();
        }
        return found;
    }

    private Account known(int account) {
        Account found = find(account);
        if (found == null) {
            throw new IllegalArgumentException("no account " + account);
        }
        return found;
    }

    private static NumberRecord record(Account account, String number, RedirectSettingType trigger) {
        for (NumberRecord record : account.numbers) {
            if (record.number.equals(number) && record.trigger == trigger) {
                return record;
            }
        }
        throw new IllegalArgumentException("not a number of this user");
    }
}
