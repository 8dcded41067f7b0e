package host;

import de.starface.integration.uci.java.v30.values.ChatPresence;
import de.starface.integration.uci.java.v30.values.TelephonyState;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Carries out what a test tells the host: words separated by tabs, the first of which names the command. */
final class Console {
    private final Site site;

    Console(Site site) {
        this.site = site;
    }

    /** Returns the answer, one line of JSON. */
    String obey(String line) {
        Map<String, Object> answer = new TreeMap<>();
        try {
            List<String> words = Arrays.asList(line.split("\t", -1));
            Object result = obey(words.get(0), words.subList(1, words.size()));
            answer.put("ok", true);
            if (result != null) {
                answer.put("result", result);
            }
        } catch (Exception failed) {
            answer.put("ok", false);
            answer.put("error", String.valueOf(failed));
        }
        return Json.of(answer);
    }

    private Object obey(String command, List<String> words) throws Exception {
        switch (command) {
            case "clear": // everything but the page and the module
                Exchange.PBX.clear();
                return null;
            case "user": // account, login, first name, family name, e-mail address
                Exchange.PBX.addUser(account(words), words.get(1), words.get(2), words.get(3), words.get(4));
                return null;
            case "delete-user": // account
                Exchange.PBX.deleteUser(account(words));
                return null;
            case "group": // account of the group, accounts of its users
                Exchange.PBX.setGroup(account(words), accounts(words.subList(1, words.size())));
                return null;
            case "number": // account, number
                Exchange.PBX.addNumber(account(words), words.get(1));
                return null;
            case "group-number": // account of the group, number
                Exchange.PBX.addGroupNumber(account(words), words.get(1));
                return null;
            case "group-right": // account
                Exchange.PBX.allowGroupNumbers(account(words));
                return null;
            case "mailbox": // account, id, name
                user(words).mailboxes.put(words.get(1), words.get(2));
                return null;
            case "field": // variable, value; several values for a list
                site.fill(words.get(0), words.subList(1, words.size()));
                return null;
            default:
                return obeyPerson(command, words);
        }
    }

    /** What users do. */
    private Object obeyPerson(String command, List<String> words) throws Exception {
        switch (command) {
            case "presence": // account, presence
                user(words).presence = ChatPresence.valueOf(words.get(1));
                return null;
            case "text": // account, text
                user(words).text = words.get(1);
                return null;
            case "dnd": // account, true or false
                user(words).doNotDisturb = Boolean.parseBoolean(words.get(1));
                return null;
            case "redirect": // account, number, true or false, type, destination
                boolean isOn = Boolean.parseBoolean(words.get(2));
                Exchange.PBX.redirect(account(words), words.get(1), isOn, words.get(3), words.get(4));
                return null;
            case "lamp": // account, state; as when somebody rings or waits in a queue
                user(words).lamp = TelephonyState.valueOf(words.get(1));
                return null;
            case "call-start": // account
                user(words).isInCall = true;
                user(words).lamp = TelephonyState.ACTIVE;
                return null;
            case "call-end": // account
                user(words).isInCall = false;
                user(words).lamp = TelephonyState.AVAILABLE;
                return null;
            case "dial-end": // channel, account; 0 from outside
                Exchange.PBX.call(words.get(0), Integer.parseInt(words.get(1)));
                site.dial(words.get(0));
                return null;
            default:
                return obeyOperator(command, words);
        }
    }

    /** What happens to the PBX. */
    private Object obeyOperator(String command, List<String> words) throws Exception {
        switch (command) {
            case "save": // the page
                site.reach("InstanceChanged");
                return null;
            case "tick": // the module's timer
                site.strike();
                return null;
            case "update": // the module: its memory is lost
                site.load();
                return null;
            case "restart": // the PBX
                Exchange.PBX.restart();
                site.load();
                return null;
            case "delete": // the instance
                site.delete();
                return null;
            case "create": // it anew, with the page as it was
                site.create();
                return null;
            case "clock": // milliseconds since 1970, at which it stands from now on; forgets the pauses
                site.clock.set(Long.parseLong(words.get(0)));
                return null;
            case "advance": // milliseconds
                site.clock.advance(Long.parseLong(words.get(0)));
                return null;
            default:
                return obeySaboteur(command, words);
        }
    }

    /** What goes wrong, and what is looked at. */
    private Object obeySaboteur(String command, List<String> words) {
        switch (command) {
            case "break": // account, words that reading and writing throw; none heals it
                user(words).broken = words.size() > 1 ? words.get(1) : "";
                return null;
            case "refuse": // account, words that writing throws; none heals it
                user(words).refusal = words.size() > 1 ? words.get(1) : "";
                return null;
            case "slow-bus": // true or false: events take effect at the next pause
                Exchange.PBX.makeBusSlow(Boolean.parseBoolean(words.get(0)));
                return null;
            case "at-pause": // another command, which is obeyed at the next pause, after the events of the bus
                site.clock.atNextPause(() -> obey(String.join("\t", words)));
                return null;
            case "hide-lamps": // true or false: what is put on a lamp is not told back
                Exchange.PBX.hideLamps(Boolean.parseBoolean(words.get(0)));
                return null;
            case "cut-texts": // the most characters of a status text
                Exchange.PBX.cutTexts(Integer.parseInt(words.get(0)));
                return null;
            case "dump":
                Map<String, Object> dump = Exchange.PBX.dump();
                dump.put("pauses", site.clock.pauses());
                dump.put("waiting", waiting());
                return dump;
            default:
                throw new IllegalArgumentException("unknown command " + command);
        }
    }

    /** Returns how many calls wait for an event right now. */
    private static int waiting() {
        int waiting = 0;
        for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
            boolean sleeps = thread.getKey().getState() == Thread.State.TIMED_WAITING;
            for (StackTraceElement at : thread.getValue()) {
                boolean drains = at.getClassName().equals("EventQueue") && at.getMethodName().equals("drain");
                waiting += sleeps && drains ? 1 : 0;
            }
        }
        return waiting;
    }

    private static int account(List<String> words) {
        return Integer.parseInt(words.get(0));
    }

    private static Account user(List<String> words) {
        return Exchange.PBX.account(account(words));
    }

    private static Set<Integer> accounts(List<String> words) {
        Set<Integer> accounts = new TreeSet<>();
        words.forEach(word -> accounts.add(Integer.valueOf(word)));
        return accounts;
    }
}
