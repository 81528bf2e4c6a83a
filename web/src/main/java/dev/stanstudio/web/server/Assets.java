package dev.stanstudio.web.server;

import dev.stanstudio.base.UserException;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Enumeration;
import java.util.Map;
import java.util.Properties;
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

    /** Files that lie elsewhere in the program, by name. */
    private static final Map<String, String> ELSEWHERE =
            Map.of("answers.css", "dev/stanstudio/scoring/report/answers.css");

    private static final AssetLoader LOADER = new AssetLoader(Assets::content);

    private Assets() {}

    /** Returns the address of a file of the program: {@code base.css}, {@code htmx.js}. */
    public static String path(String name) {
        return asset(name).path();
    }

    /** Returns the text of a file of the program, for pages that stand alone. */
    public static String text(String name) {
        return asset(name).text();
    }

    static void register(RoutesConfig routes) {
        routes.get(
                "/assets/{hash}/{name}",
                ctx -> {
                    String name = ctx.pathParam("name");
                    Asset asset = name.matches("[a-z0-9-]+\\.[a-z]+") ? LOADER.find(name) : null;
                    if (asset == null) {
                        throw PageException.missing("there is no file " + name);
                    }
                    boolean current = asset.hash().equals(ctx.pathParam("hash"));
                    ctx.contentType(
                                    TYPES.getOrDefault(
                                            name.substring(name.lastIndexOf('.') + 1),
                                            "application/octet-stream"))
                            .header(
                                    "Cache-Control",
                                    current ? "public, max-age=31536000, immutable" : "no-store")
                            .result(asset.content());
                },
                Audience.EVERYONE);
    }

    private static Asset asset(String name) {
        Asset asset = LOADER.find(name);
        if (asset == null) {
            throw new IllegalArgumentException("the program has no file " + name);
        }
        return asset;
    }

    private static byte @Nullable [] content(String name) {
        ClassLoader loader = Assets.class.getClassLoader();
        String resource =
                name.equals("htmx.js")
                        ? HTMX + htmxVersion() + "/dist/htmx.min.js"
                        : ELSEWHERE.getOrDefault(name, OWN + name);
        try (InputStream in = loader.getResourceAsStream(resource)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    /** WebJars keep their files below a folder named after the version. */
    private static String htmxVersion() {
        Properties properties = new Properties();
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
}
