package dev.stanstudio.web.server;

/** Data of the server's own templates. */
public final class ServerViews {
    private ServerViews() {}

    /**
     * A failure within a page.
     *
     * @param field name of the form's field that it is about; empty for none
     */
    public record Problem(String message, String field) implements View {
        @Override
        public String template() {
            return "server/problem.jte";
        }
    }

    /**
     * A failure as a page.
     *
     * @param status of HTTP
     * @param home address of the page that leads on; empty for voters, who have no other page
     */
    public record FailurePage(Texts texts, int status, String message, String home)
            implements View {
        @Override
        public String template() {
            return "server/failure.jte";
        }
    }

    /**
     * The form that asks for the password.
     *
     * @param problem the last refusal, empty at first
     * @param open true if the connection is not encrypted
     */
    public record Login(String problem, boolean open) implements View {
        @Override
        public String template() {
            return "server/login.jte";
        }
    }
}
