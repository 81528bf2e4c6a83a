package dev.stanstudio.web.study.vote;

import io.javalin.http.Context;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells voters' network addresses apart, behind a proxy too. The server has already replaced the
 * address of a trusted proxy by its client's. A proxy of this machine that was not named is
 * believed here all the same, since otherwise all its voters would be one: of what it forwards, the
 * last address in X-Forwarded-For counts, which it wrote itself; the ones before are whatever the
 * voter claims. Of IPv6 the first 64 bits stand for the address, since a household or a server has
 * all that begin with them. Stateless.
 */
final class VoterAddress {
    private static final String FORWARDED = "X-Forwarded-For";
    private static final int MAX_LENGTH = 100;
    private static final int NETWORK_BYTES = 8;

    private VoterAddress() {}

    static String of(Context ctx) {
        return of(ctx.ip(), ctx.header(FORWARDED));
    }

    static String of(String peer, @Nullable String forwarded) {
        InetAddress address = literal(peer);
        boolean proxy = address != null && address.isLoopbackAddress();
        if (!proxy || forwarded == null || forwarded.isBlank()) {
            return normal(peer);
        }
        return normal(forwarded.substring(forwarded.lastIndexOf(',') + 1));
    }

    private static String normal(String text) {
        InetAddress address = literal(text);
        if (address == null) {
            String plain = text.strip().toLowerCase(Locale.ROOT);
            return plain.length() > MAX_LENGTH ? plain.substring(0, MAX_LENGTH) : plain;
        }
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(address.getAddress(), 0, NETWORK_BYTES) + "/64"
                : address.getHostAddress();
    }

    /** The address that is written in {@code text}; null for a name, which nobody looks up. */
    private static @Nullable InetAddress literal(String text) {
        String bare = text.strip();
        if (bare.startsWith("[") && bare.contains("]")) {
            bare = bare.substring(1, bare.indexOf(']'));
        } else if (bare.matches("[0-9.]+:[0-9]+")) {
            bare = bare.substring(0, bare.indexOf(':'));
        }
        int zone = bare.indexOf('%');
        bare = zone < 0 ? bare : bare.substring(0, zone);
        if (!bare.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*")) {
            return null;
        }
        try {
            return InetAddress.getByName(bare);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
