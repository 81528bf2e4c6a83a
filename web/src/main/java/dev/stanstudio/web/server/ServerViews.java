package dev.stanstudio.web.server;

import dev.stanstudio.web.language.Texts;

/** Data of the server's own templates. */
public final class ServerViews {
    private ServerViews() {}

    /** A failure within a page. */
    public record Problem(String message) implements View {
        @Override
        public String template() {
            return "server/problem.jte";
        }
    }

    /**
     * A failure as a page.
     *
     * @param status of HTTP
     */
    public record FailurePage(Texts texts, int status, String message) implements View {
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
