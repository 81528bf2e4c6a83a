package dev.stanstudio.web.study.vote;

import io.javalin.http.Context;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells voters' network addresses apart, behind a proxy too. Where the connection comes from a
 * proxy, the address is the last one in X-Forwarded-For, which that proxy wrote itself; the ones
 * before are whatever the voter claims. Proxies are this machine's own and those that the variable
 * {@value #PROXIES} names. Of IPv6 the first 64 bits stand for the address, since a household or a
 * server has all that begin with them.
 */
final class VoterAddress {
    /** Addresses of proxies on other machines, with commas between them. */
    static final String PROXIES = "STUDIO_PROXIES";

    private static final String FORWARDED = "X-Forwarded-For";
    private static final int MAX_LENGTH = 100;
    private static final int NETWORK_BYTES = 8;

    private final Set<String> proxies;

    VoterAddress(@Nullable String proxies) {
        this.proxies =
                proxies == null
                        ? Set.of()
                        : Arrays.stream(proxies.split(","))
                                .map(String::strip)
                                .filter(text -> !text.isEmpty())
                                .map(VoterAddress::normal)
                                .collect(Collectors.toUnmodifiableSet());
    }

    static VoterAddress ofEnvironment() {
        return new VoterAddress(System.getenv(PROXIES));
    }

    String of(Context ctx) {
        return of(ctx.ip(), ctx.header(FORWARDED));
    }

    String of(String peer, @Nullable String forwarded) {
        InetAddress address = literal(peer);
        boolean proxy =
                (address != null && address.isLoopbackAddress()) || proxies.contains(normal(peer));
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
