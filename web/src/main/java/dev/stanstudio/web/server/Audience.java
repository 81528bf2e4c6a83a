package dev.stanstudio.web.server;

import io.javalin.security.RouteRole;

/** Who may use a route that is not the studio's own. */
public enum Audience implements RouteRole {
    /** Whoever knows the address: voters. */
    EVERYONE
}
