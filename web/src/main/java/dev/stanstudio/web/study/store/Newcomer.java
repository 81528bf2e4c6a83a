package dev.stanstudio.web.study.store;

/**
 * A person who wants to vote. Only keyed hashes of address and device are stored.
 *
 * @param token secret of the browser's cookie
 * @param device user agent of the browser
 * @param address network address, grouped by household
 * @param invitation token of a link for one use; empty for the study's own link
 * @param panelId id that a panel gave the person; empty without one. It is stored as it is, since
 *     the panel pays by it
 */
public record Newcomer(
        String token, String device, String address, String invitation, String panelId) {}
