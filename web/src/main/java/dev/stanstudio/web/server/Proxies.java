package dev.stanstudio.web.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Believes what named proxies say about who asks ({@code X-Forwarded-For}) and over what ({@code
 * X-Forwarded-Proto}), and nobody else.
 */
final class Proxies {
    private final List<String> trusted;

    /**
     * @param trusted addresses of the proxies, as numbers
     */
    Proxies(List<String> trusted) {
        this.trusted = trusted.stream().map(NetworkAddress::normal).toList();
    }

    /** {@code request} as the proxy received it; the request itself where none is trusted. */
    Request unveil(Request request) {
        if (!trusted.contains(NetworkAddress.normal(Request.getRemoteAddr(request)))) {
            return request;
        }
        String client = client(request);
        boolean secure =
                "https".equalsIgnoreCase(last(request.getHeaders().get("X-Forwarded-Proto")));
        return new Unveiled(request, client, secure);
    }

    /** The last address that no trusted proxy has; what stands before it anybody may have said. */
    private String client(Request request) {
        String address = NetworkAddress.normal(Request.getRemoteAddr(request));
        List<String> hops = request.getHeaders().getCSV("X-Forwarded-For", false);
        for (int i = hops.size() - 1; i >= 0 && trusted.contains(address); i--) {
            address = NetworkAddress.normal(hops.get(i));
        }
        return address;
    }

    private static String last(@Nullable String values) {
        String all = Objects.requireNonNullElse(values, "");
        return all.substring(all.lastIndexOf(',') + 1).strip();
    }

    private static final class Unveiled extends Request.Wrapper {
        private final ConnectionMetaData connection;
        private final boolean secure;

        Unveiled(Request request, String client, boolean secure) {
            super(request);
            this.secure = secure || request.isSecure();
            this.connection =
                    new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
                        @Override
                        public SocketAddress getRemoteSocketAddress() {
                            return InetSocketAddress.createUnresolved(client, 0);
                        }
                    };
        }

        @Override
        public boolean isSecure() {
            return secure;
        }

        @Override
        public HttpURI getHttpURI() {
            HttpURI uri = super.getHttpURI();
            return secure ? HttpURI.build(uri).scheme("https").asImmutable() : uri;
        }

        @Override
        public ConnectionMetaData getConnectionMetaData() {
            return connection;
        }
    }
}
