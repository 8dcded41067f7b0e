/**
 * Every part of STARFACE that is looked for by name. reflection.tsv says of each where it was seen and on which
 * versions; a test holds the two to each other.
 */
final class Api {
    // Types.
    static final String ENVIRONMENT = "de.vertico.starface.module.core.runtime.IRuntimeEnvironment";
    static final String CALL_ENVIRONMENT = "de.vertico.starface.module.core.runtime.IAGIRuntimeEnvironment";
    static final String INVOCATION = "de.vertico.starface.module.core.runtime.InvocationInfo";
    static final String MODULE = "de.vertico.starface.module.core.model.Module";
    static final String INSTANCE = "de.vertico.starface.module.core.model.ModuleInstance";
    static final String BEAN_FACTORY = "org.springframework.beans.factory.BeanFactory";
    static final String COMPONENTS = "de.starface.core.component.StarfaceComponentProvider";
    static final String EVENT_SERVICE = "de.starface.core.component.events.StarfaceEventService";
    static final String BUSINESS_OBJECTS = "de.starface.bo.BusinessObjects";
    static final String USERS = "de.starface.bo.UserBusinessObject";
    static final String USER_STATES = "de.starface.bo.UserStateBusinessObject";
    static final String REDIRECTS = "de.starface.bo.RedirectBusinessObject";
    static final String CALLS = "de.starface.bo.callhandling.actions.ModuleBusinessObject";
    static final String ACCOUNTS = "de.vertico.starface.persistence.connector.PersonAndAccountHandler";
    static final String USER = "de.vertico.starface.persistence.databean.core.ExtendedUserData";
    static final String STATE = "de.starface.integration.uci.java.v30.types.UserState";
    static final String REDIRECT = "de.starface.integration.uci.java.v30.types.RedirectSetting";
    static final String MAILBOX = "de.starface.integration.uci.java.v30.types.Mailbox";
    static final String PRESENCE = "de.starface.integration.uci.java.v30.values.ChatPresence";
    static final String TELEPHONY = "de.starface.integration.uci.java.v30.values.TelephonyState";
    static final String TRIGGER = "de.starface.integration.uci.java.v30.values.RedirectSettingType";
    static final String DESTINATION = "de.starface.integration.uci.java.v30.values.RedirectSettingDestinationType";
    static final String ORDER_BY = "de.starface.integration.uci.java.v30.values.RedirectSettingProperties";
    static final String ORDER = "de.starface.integration.uci.java.v30.values.OrderDirection";
    static final String STATE_EVENT = "de.starface.bo.events.NewUserStateEvent";
    static final String TELEPHONY_EVENT = "de.starface.ch.processing.bo.api.events.TelephonyStateChangedEvent";
    static final String CALL = "de.starface.ch.processing.bo.api.pojo.data.PojoCall";
    static final String HANGUP_CAUSE = "de.starface.callhandling.enums.HangupCause";
    static final String LOG4J = "org.apache.logging.log4j.Logger";
    static final String COMMONS_LOG = "org.apache.commons.logging.Log";
    static final String GROUP_FUNCTION = "de.vertico.starface.module.core.runtime.functions.entities.GetUsersOfGroup2";
    static final String VERSION_FUNCTION =
            "de.vertico.starface.module.core.runtime.functions.entities.GetStarfaceVersion";
    static final String CALLER_FUNCTION =
            "de.vertico.starface.module.core.runtime.functions.callHandling.call.GetCaller2";
    static final String ANSWER_FUNCTION = "de.vertico.starface.module.core.runtime.functions.callHandling.call.Answer";
    static final String HANGUP_FUNCTION = "de.vertico.starface.module.core.runtime.functions.callHandling.call.Hangup";
    static final String DND_FUNCTION = "de.vertico.starface.module.core.runtime.functions.callHandling.uci.SetDND";
    private static final String TEXT = "java.lang.String";

    // The surroundings of a call.
    static final Symbol GET_LOG = Symbol.method(ENVIRONMENT, "getLog");
    static final Symbol SPRING = Symbol.method(ENVIRONMENT, "springApplicationContext");
    static final Symbol GET_BEAN = Symbol.method(BEAN_FACTORY, "getBean", "java.lang.Class");
    static final Symbol PROVIDER = Symbol.method(ENVIRONMENT, "provider");
    static final Symbol FETCH = Symbol.method(COMPONENTS, "fetch", "java.lang.Class");
    static final Symbol USER_STATES_OF_9 = Symbol.method(BUSINESS_OBJECTS, "getUserStateBO");
    static final Symbol GET_MODULE = Symbol.method(INVOCATION, "getModule");
    static final Symbol MODULE_VERSION = Symbol.method(MODULE, "getVersion");
    static final Symbol INSTANCE_NAME = Symbol.method(INSTANCE, "getName");
    static final Symbol NEW_VERSION_FUNCTION = Symbol.constructor(VERSION_FUNCTION);
    static final Symbol RUN_VERSION_FUNCTION = Symbol.anyMethod(VERSION_FUNCTION, "execute");
    static final Symbol LOG4J_INFO = Symbol.anyMethod(LOG4J, "info");
    static final Symbol LOG4J_WARN = Symbol.anyMethod(LOG4J, "warn");
    static final Symbol COMMONS_INFO = Symbol.anyMethod(COMMONS_LOG, "info");
    static final Symbol COMMONS_WARN = Symbol.anyMethod(COMMONS_LOG, "warn");

    // Users and groups.
    static final Symbol NEW_GROUP_FUNCTION = Symbol.constructor(GROUP_FUNCTION);
    static final Symbol RUN_GROUP_FUNCTION = Symbol.method(GROUP_FUNCTION, "execute", ENVIRONMENT);
    static final Symbol GROUP_ID = Symbol.field(GROUP_FUNCTION, "groupId");
    static final Symbol GROUP_ACTIVE_ONLY = Symbol.field(GROUP_FUNCTION, "activeOnly");
    static final Symbol GROUP_EXCLUDE_DND = Symbol.field(GROUP_FUNCTION, "excludeDND");
    static final Symbol GROUP_USERS = Symbol.field(GROUP_FUNCTION, "usersOfGroup");
    static final Symbol ALL_USERS = Symbol.method(USERS, "getUsers");
    static final Symbol USER_OF_ACCOUNT = Symbol.method(USERS, "getUserByAccountId", "int");
    static final Symbol USER_ACCOUNT = Symbol.method(USER, "getAccountId");
    static final Symbol USER_LOGIN = Symbol.method(USER, "getLoginNumber");
    static final Symbol USER_FIRST_NAME = Symbol.method(USER, "getFirstName");
    static final Symbol USER_FAMILY_NAME = Symbol.method(USER, "getFamilyName");
    static final Symbol USER_EMAIL = Symbol.method(USER, "getEmail");
    static final Symbol USER_DND = Symbol.method(USER, "isDnd");

    // What a user shows.
    static final Symbol STATE_OF_ACCOUNT = Symbol.method(USER_STATES, "getUserState", "int");
    static final Symbol STATE_PRESENCE = Symbol.method(STATE, "getChatPresence");
    static final Symbol SET_STATE_PRESENCE = Symbol.method(STATE, "setChatPresence", PRESENCE);
    static final Symbol STATE_TEXT = Symbol.method(STATE, "getChatPresenceMessage");
    static final Symbol SET_STATE_TEXT = Symbol.method(STATE, "setChatPresenceMessage", TEXT);
    static final Symbol STATE_TELEPHONY = Symbol.method(STATE, "getTelephonyState");
    static final Symbol NEW_STATE_EVENT = Symbol.constructor(STATE_EVENT, "int", STATE);
    static final Symbol NEW_TELEPHONY_EVENT = Symbol.constructor(TELEPHONY_EVENT, "int", TELEPHONY);
    static final Symbol PUBLISH = Symbol.anyMethod(EVENT_SERVICE, "publish");

    // Do not disturb: the built-in function of 10, then any method of these names that takes (int, boolean).
    static final Symbol NEW_DND_FUNCTION = Symbol.constructor(DND_FUNCTION);
    static final Symbol RUN_DND_FUNCTION = Symbol.anyMethod(DND_FUNCTION, "execute");
    static final Symbol DND_FUNCTION_USER = Symbol.field(DND_FUNCTION, "userId");
    static final Symbol DND_FUNCTION_ON = Symbol.field(DND_FUNCTION, "activate");
    static final String[] DND_OWNERS = {USER_STATES, USERS, ACCOUNTS};
    static final String[] DND_METHODS = {"setDoNotDisturbSetting", "setDoNotDisturb", "setDnd", "setDND"};

    // Redirects.
    static final Symbol REDIRECTS_OF_ACCOUNT =
            Symbol.method(REDIRECTS, "getRedirectSettings", "int", TRIGGER, TEXT, ORDER_BY, ORDER);
    static final Symbol SET_REDIRECT = Symbol.method(REDIRECTS, "setRedirectSetting", "int", "int", REDIRECT);
    static final Symbol REDIRECT_NUMBER = Symbol.method(REDIRECT, "getCalledNumber");
    static final Symbol REDIRECT_ENABLED = Symbol.method(REDIRECT, "isEnabled");
    static final Symbol SET_REDIRECT_ENABLED = Symbol.method(REDIRECT, "setEnabled", "boolean");
    static final Symbol REDIRECT_IS_GROUP = Symbol.method(REDIRECT, "isGroupRedirect");
    static final Symbol REDIRECT_TYPE = Symbol.method(REDIRECT, "getDestinationType");
    static final Symbol SET_REDIRECT_TYPE = Symbol.method(REDIRECT, "setDestinationType", DESTINATION);
    static final Symbol REDIRECT_DESTINATION = Symbol.method(REDIRECT, "getDestination");
    static final Symbol SET_REDIRECT_DESTINATION = Symbol.method(REDIRECT, "setDestination", TEXT);
    static final Symbol REDIRECT_LAST_NUMBER = Symbol.method(REDIRECT, "getLastDestinationNumber");
    static final Symbol REDIRECT_LAST_MAILBOX = Symbol.method(REDIRECT, "getLastDestinationMailbox");
    static final Symbol REDIRECT_TIMEOUT = Symbol.method(REDIRECT, "getTimeout");
    static final Symbol REDIRECT_MAILBOXES = Symbol.method(REDIRECT, "getMailboxes");
    static final Symbol MAILBOX_ID = Symbol.method(MAILBOX, "getId");
    static final Symbol MAILBOX_NAME = Symbol.method(MAILBOX, "getName");

    // The call that ends an appointment early.
    static final Symbol NEW_CALLER_FUNCTION = Symbol.constructor(CALLER_FUNCTION);
    static final Symbol RUN_CALLER_FUNCTION = Symbol.method(CALLER_FUNCTION, "execute", CALL_ENVIRONMENT);
    static final Symbol CALLER_ACCOUNT = Symbol.field(CALLER_FUNCTION, "account");
    static final Symbol CALL_OF_CHANNEL = Symbol.method(CALLS, "getPojoCallByChannelName", TEXT);
    static final Symbol CALLER_OF_CALL = Symbol.method(CALL, "getCaller");
    /** Of what CALLER_OF_CALL returns. */
    static final String PARTICIPANT_ID = "getParticipantId";
    static final Symbol NEW_ANSWER_FUNCTION = Symbol.constructor(ANSWER_FUNCTION);
    static final Symbol RUN_ANSWER_FUNCTION = Symbol.anyMethod(ANSWER_FUNCTION, "execute");
    static final Symbol ANSWER = Symbol.method(CALLS, "answer", TEXT, "int");
    static final Symbol NEW_HANGUP_FUNCTION = Symbol.constructor(HANGUP_FUNCTION);
    static final Symbol RUN_HANGUP_FUNCTION = Symbol.anyMethod(HANGUP_FUNCTION, "execute");
    static final Symbol HANGUP = Symbol.method(CALLS, "hangup", TEXT, HANGUP_CAUSE);

    private Api() {}
}
