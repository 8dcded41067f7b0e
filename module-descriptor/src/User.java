/** What STARFACE knows of a user, as far as it matters. */
final class User {
    final int account;
    final String login;
    final String firstName;
    final String familyName;
    final String email;

    private User(int account, String login, String firstName, String familyName, String email) {
        this.account = account;
        this.login = login;
        this.firstName = firstName;
        this.familyName = familyName;
        this.email = email;
    }

    static User of(Object bean) throws PbxException {
        return new User(
                Numbers.account(Api.USER_ACCOUNT.call(bean)),
                text(Api.USER_LOGIN, bean),
                text(Api.USER_FIRST_NAME, bean),
                text(Api.USER_FAMILY_NAME, bean),
                text(Api.USER_EMAIL, bean));
    }

    private static String text(Symbol getter, Object bean) throws PbxException {
        Object value = getter.call(bean);
        return value == null ? "" : Words.clean(value.toString());
    }
}
