package dev.stanstudio.web.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AssetLoaderTest {
    private static final Map<String, String> SCRIPTS =
            Map.of(
                    "page.js",
                    """
                    import { $, all } from "./cells.js";
                    import "./keys.js";
                    all();
                    """,
                    "cells.js",
                    "import { $ } from \"./dom.js\";\n",
                    "keys.js",
                    "addEventListener(\"keydown\", () => {});\n",
                    "dom.js",
                    "export const $ = 1;\n");

    private static AssetLoader loader(Map<String, String> texts) {
        return new AssetLoader(
                name -> {
                    String text = texts.get(name);
                    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
                });
    }

    private static Asset load(AssetLoader loader, String name) {
        return Objects.requireNonNull(loader.find(name), name);
    }

    private static Map<String, String> changed(String name, String text) {
        Map<String, String> texts = new HashMap<>(SCRIPTS);
        texts.put(name, text);
        return texts;
    }

    @Test
    void importsBecomeAddresses() {
        AssetLoader loader = loader(SCRIPTS);
        assertEquals(
                "import { $, all } from \"%s\";\nimport \"%s\";\nall();\n"
                        .formatted(load(loader, "cells.js").path(), load(loader, "keys.js").path()),
                load(loader, "page.js").text());
        assertNull(loader.find("other.js"));
    }

    @Test
    void aChangeChangesTheAddressesOfItsUsersAlone() {
        AssetLoader before = loader(SCRIPTS);
        AssetLoader after = loader(changed("dom.js", "export const $ = 2;\n"));
        for (String user : new String[] {"page.js", "cells.js", "dom.js"}) {
            assertNotEquals(load(before, user).path(), load(after, user).path());
        }
        assertEquals(load(before, "keys.js").path(), load(after, "keys.js").path());
    }

    @Test
    void onlyImportsOfScriptsAreRewritten() {
        String text = "const a = \"./keys.js\";\n// import \"./keys.js\";\n";
        assertEquals(text, load(loader(changed("dom.js", text)), "dom.js").text());
        String style = "@import \"./keys.js\";\nimport \"./keys.js\";\n";
        assertEquals(style, load(loader(changed("a.css", style)), "a.css").text());
    }

    @Test
    void circlesAndMissingScriptsAreRefused() {
        AssetLoader circle = loader(changed("dom.js", "import \"./page.js\";\n"));
        assertEquals(
                "scripts import each other in a circle: page.js → cells.js → dom.js → page.js",
                refusal(circle, "page.js"));
        assertEquals(
                "scripts import each other in a circle: dom.js → dom.js",
                refusal(loader(changed("dom.js", "import \"./dom.js\";\n")), "dom.js"));
        assertEquals(
                "dom.js imports gone.js, which the program does not have",
                refusal(loader(changed("dom.js", "import \"./gone.js\";\n")), "cells.js"));
    }

    private static String refusal(AssetLoader loader, String name) {
        return String.valueOf(
                assertThrows(IllegalStateException.class, () -> loader.find(name)).getMessage());
    }
}
