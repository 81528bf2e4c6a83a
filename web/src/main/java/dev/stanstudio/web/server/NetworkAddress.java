package dev.stanstudio.web.server;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * Compares network addresses however they are written: IPv6 short or in full, IPv4 within IPv6,
 * with a port, in brackets, with a zone. Never looks a name up. Stateless.
 */
public final class NetworkAddress {
    private static final int MAX_LENGTH = 100;
    private static final int NETWORK_BYTES = 8;
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])";
    private static final String IPV4 = BYTE + "(\\." + BYTE + "){3}";
    private static final String IPV6 = "[0-9a-fA-F]*:[0-9a-fA-F:.]*";

    private NetworkAddress() {}

    /** The address that is written in {@code text}; empty for anything else, as a name. */
    public static Optional<InetAddress> literal(String text) {
        String bare = text.strip();
        if (bare.startsWith("[") && bare.contains("]")) {
            bare = bare.substring(1, bare.indexOf(']'));
        } else if (bare.matches("[0-9.]+:[0-9]+")) {
            bare = bare.substring(0, bare.indexOf(':'));
        }
        int zone = bare.indexOf('%');
        bare = zone < 0 ? bare : bare.substring(0, zone);
        if (bare.length() > MAX_LENGTH || !bare.matches(IPV4 + "|" + IPV6)) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(bare));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Returns whether {@code host}, with or without a port, leads to this machine alone. */
    public static boolean isLoopback(String host) {
        return host.replaceFirst(":[0-9]+$", "").equalsIgnoreCase("localhost")
                || literal(host).filter(InetAddress::isLoopbackAddress).isPresent();
    }

    /** The one way to write an address, without port and zone; other texts shortened. */
    public static String normal(String text) {
        return literal(text).map(InetAddress::getHostAddress).orElseGet(() -> shortened(text));
    }

    /**
     * Returns the network that stands for an address: of IPv6 the first 64 bits, since a household
     * or a server has all that begin with them, of IPv4 all of it.
     */
    public static String network(String text) {
        return literal(text)
                .filter(Inet6Address.class::isInstance)
                .map(ip -> HexFormat.of().formatHex(ip.getAddress(), 0, NETWORK_BYTES) + "/64")
                .orElseGet(() -> normal(text));
    }

    private static String shortened(String text) {
        String plain = text.strip().toLowerCase(Locale.ROOT);
        return plain.length() > MAX_LENGTH ? plain.substring(0, MAX_LENGTH) : plain;
    }
}
