package dev.stanstudio.web.study.vote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses as connections and proxies tell them. */
class VoterAddressTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, , 10.1.2.3",
        // Nobody but a proxy is believed.
        "10.1.2.3, 10.9.9.9, 10.1.2.3",
        "127.0.0.1, 10.9.9.9, 10.9.9.9",
        "[0:0:0:0:0:0:0:1], '1.1.1.1, 10.9.9.9', 10.9.9.9",
        "127.0.0.1, '6.6.6.6,10.9.9.9 ', 10.9.9.9",
        "::1, 10.9.9.9:4711, 10.9.9.9",
        "127.0.0.1, , 127.0.0.1",
        "127.0.0.1, ' ', 127.0.0.1",
        // A network of IPv6 is one address, an IPv4 address within IPv6 the IPv4 one.
        "2001:db8:1:2:3:4:5:6, , 20010db800010002/64",
        "2001:db8:1:2::, , 20010db800010002/64",
        "2001:db8:1:3::, , 20010db800010003/64",
        "::ffff:10.1.2.3, , 10.1.2.3",
        "127.0.0.1, [2001:db8:1:2::9]:99, 20010db800010002/64",
        "fe80::1%eth0, , fe80000000000000/64",
        "127.0.0.1, UNKNOWN, unknown",
        // No address, and nothing to look up either.
        "127.0.0.1, 999.1.1.1, 999.1.1.1",
    })
    void theAddressIsTheOneThatAProxyWrote(String peer, String forwarded, String expected) {
        assertEquals(expected, VoterAddress.of(peer, forwarded));
    }

    @Test
    void whateverIsClaimedStaysShort() {
        assertEquals(100, VoterAddress.of("127.0.0.1", "x".repeat(10_000)).length());
    }
}
