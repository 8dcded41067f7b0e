/** The module's no to a whole call; its message is the call's Errormessage. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    Refusal(String words) {
        super(words);
    }
}
