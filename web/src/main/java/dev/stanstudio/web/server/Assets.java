package dev.stanstudio.web.server;

import dev.stanstudio.base.UserException;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Style sheets and scripts, served from the program's own files. Their addresses carry a hash of
 * the content, so a browser keeps them for good and still sees a new version at once.
 */
public final class Assets {
    private static final String OWN = "dev/stanstudio/web/assets/";
    private static final String HTMX = "META-INF/resources/webjars/htmx.org/";
    private static final String HTMX_POM = "META-INF/maven/org.webjars.npm/htmx.org/pom.properties";

    private static final Map<String, String> TYPES =
            Map.of(
                    "css", "text/css; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "svg", "image/svg+xml");

    private static final Map<String, Asset> LOADED = new ConcurrentHashMap<>();

    private Assets() {}

    private static final class Asset {
        private final String hash;
        private final byte[] content;

        Asset(String hash, byte[] content) {
            this.hash = hash;
            this.content = content;
        }
    }

    /** The address of a file of the program, for templates: {@code app.css}, {@code htmx.js}. */
    public static String path(String name) {
        return "/assets/" + asset(name).hash + "/" + name;
    }

    /** The text of a file of the program, for pages that stand alone. */
    public static String text(String name) {
        return new String(asset(name).content, java.nio.charset.StandardCharsets.UTF_8);
    }

    static void register(RoutesConfig routes) {
        routes.get(
                "/assets/{hash}/{name}",
                ctx -> {
                    String name = ctx.pathParam("name");
                    Asset asset = name.matches("[a-z0-9-]+\\.[a-z]+") ? find(name) : null;
                    if (asset == null) {
                        throw PageException.missing("there is no file " + name);
                    }
                    boolean current = asset.hash.equals(ctx.pathParam("hash"));
                    ctx.contentType(
                                    TYPES.getOrDefault(
                                            name.substring(name.lastIndexOf('.') + 1),
                                            "application/octet-stream"))
                            .header(
                                    "Cache-Control",
                                    current ? "public, max-age=31536000, immutable" : "no-store")
                            .result(asset.content);
                },
                Audience.EVERYONE);
    }

    private static Asset asset(String name) {
        Asset asset = find(name);
        if (asset == null) {
            throw new IllegalArgumentException("the program has no file " + name);
        }
        return asset;
    }

    private static @Nullable Asset find(String name) {
        Asset known = LOADED.get(name);
        if (known != null) {
            return known;
        }
        byte[] content = content(name);
        if (content == null) {
            return null;
        }
        Asset asset = new Asset(hash(content), content);
        LOADED.put(name, asset);
        return asset;
    }

    private static byte @Nullable [] content(String name) {
        ClassLoader loader = Assets.class.getClassLoader();
        String resource =
                name.equals("htmx.js") ? HTMX + htmxVersion() + "/dist/htmx.min.js" : OWN + name;
        try (InputStream in = loader.getResourceAsStream(resource)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    /** WebJars keep their files below a folder named after the version. */
    private static String htmxVersion() {
        java.util.Properties properties = new java.util.Properties();
        try {
            Enumeration<URL> found = Assets.class.getClassLoader().getResources(HTMX_POM);
            if (!found.hasMoreElements()) {
                throw new UserException("htmx is missing from the program; build it again");
            }
            try (InputStream in = found.nextElement().openStream()) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + HTMX_POM, e);
        }
        return properties.getProperty("version", "");
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
