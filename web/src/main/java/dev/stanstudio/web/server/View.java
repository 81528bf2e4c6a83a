package dev.stanstudio.web.server;

/**
 * The data of one template: a record whose components the template reads by its single parameter,
 * so that neither a missing nor a misspelt name compiles.
 */
public interface View {
    /** Returns the path of the template below {@code src/main/jte}. */
    String template();
}
