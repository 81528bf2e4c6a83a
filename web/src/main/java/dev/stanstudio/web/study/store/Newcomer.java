package dev.stanstudio.web.study.store;

/**
 * Somebody who wants to vote. Only keyed hashes of address and device are stored.
 *
 * @param token what the browser will show from now on
 * @param device what the browser says it is
 * @param address the network address, as it is grouped
 * @param invitation the token of a link for one use; empty for the study's own link
 */
public record Newcomer(String token, String device, String address, String invitation) {}
