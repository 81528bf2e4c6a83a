package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.NetworkAddress;
import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/**
 * Tells voters' network addresses apart, behind a proxy too. The server has already replaced the
 * address of a trusted proxy by its client's. A proxy of this machine that was not named is trusted
 * here all the same, since otherwise all its voters would have one address: of what it forwards,
 * the last address in X-Forwarded-For counts, which it wrote itself; the ones before are claims of
 * the voter. Of IPv6 the first 64 bits stand for the address, since a household or a server has all
 * that begin with them. Stateless.
 */
final class VoterAddress {
    private static final String FORWARDED = "X-Forwarded-For";

    private VoterAddress() {}

    static String of(Context ctx) {
        return of(ctx.ip(), ctx.header(FORWARDED));
    }

    static String of(String peer, @Nullable String forwarded) {
        boolean proxy = NetworkAddress.isLoopback(peer);
        if (!proxy || forwarded == null || forwarded.isBlank()) {
            return NetworkAddress.network(peer);
        }
        return NetworkAddress.network(forwarded.substring(forwarded.lastIndexOf(',') + 1));
    }
}
