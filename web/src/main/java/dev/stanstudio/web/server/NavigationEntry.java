package dev.stanstudio.web.server;

/**
 * A link in the bar at the top.
 *
 * @param place entries stand in ascending order of it
 */
public record NavigationEntry(int place, String title, String path) {}
