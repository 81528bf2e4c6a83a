package dev.stanstudio.web.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;

/**
 * Texts that belong together: for each language a properties file in UTF-8, {@code
 * language/NAME_TAG.properties} beside this class.
 */
public enum TextBundle {
    /** Texts of the pages that voters see. */
    VOTER(true),
    /** Texts about failures, of all pages. */
    FAILURE(true),
    /** Texts around the studio's own pages. */
    STUDIO(false);

    private final boolean translated;

    TextBundle(boolean translated) {
        this.translated = translated;
    }

    /** Returns the texts in {@code language}, or in English where there is no translation. */
    public Texts in(Language language) {
        return Loaded.of(this, translated ? language : Language.ENGLISH);
    }

    /** Returns the languages in which there are the texts. */
    public Set<Language> languages() {
        return translated ? EnumSet.allOf(Language.class) : EnumSet.of(Language.ENGLISH);
    }

    String file(Language language) {
        return "%s_%s.properties".formatted(name().toLowerCase(Locale.ROOT), language.tag());
    }

    private Texts load(Language language) {
        Properties properties = new Properties();
        try (InputStream in = TextBundle.class.getResourceAsStream("language/" + file(language))) {
            if (in == null) {
                throw new IllegalStateException("the program has no file " + file(language));
            }
            properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> loaded = new HashMap<>();
        properties
                .stringPropertyNames()
                .forEach(key -> loaded.put(key, properties.getProperty(key, "")));
        return new Texts(language, loaded);
    }

    /** All texts, which are read when the first of them is needed. */
    private static final class Loaded {
        private static final Map<TextBundle, Map<Language, Texts>> ALL = all();

        private Loaded() {}

        private static Map<TextBundle, Map<Language, Texts>> all() {
            Map<TextBundle, Map<Language, Texts>> all = new EnumMap<>(TextBundle.class);
            for (TextBundle bundle : values()) {
                Map<Language, Texts> texts = new EnumMap<>(Language.class);
                bundle.languages().forEach(one -> texts.put(one, bundle.load(one)));
                all.put(bundle, texts);
            }
            return all;
        }

        static Texts of(TextBundle bundle, Language language) {
            Map<Language, Texts> texts = Objects.requireNonNull(ALL.get(bundle));
            return Objects.requireNonNull(texts.get(language));
        }
    }
}
