package dev.stanstudio.web.server;

import io.javalin.security.RouteRole;

/** The roles of routes that are not private. */
public enum Audience implements RouteRole {
    /** Everybody who knows the address: voters. */
    EVERYONE
}
