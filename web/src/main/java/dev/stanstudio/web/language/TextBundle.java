package dev.stanstudio.web.language;

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
 * NAME_TAG.properties} beside this class.
 */
public enum TextBundle {
    /** Texts of the pages that voters see. */
    VOTER(EnumSet.allOf(Language.class)),
    /** Texts about failures, of all pages. */
    FAILURE(EnumSet.allOf(Language.class)),
    /** Texts around the studio's own pages. */
    STUDIO(EnumSet.of(Language.ENGLISH));

    private final Map<Language, Texts> texts = new EnumMap<>(Language.class);

    TextBundle(Set<Language> languages) {
        languages.forEach(language -> texts.put(language, load(language)));
    }

    /** Returns the texts in {@code language}, or in English where there is no translation. */
    public Texts in(Language language) {
        Texts found = texts.get(language);
        return found != null ? found : Objects.requireNonNull(texts.get(Language.ENGLISH));
    }

    /** Returns the languages into which the texts are translated. */
    public Set<Language> languages() {
        return EnumSet.copyOf(texts.keySet());
    }

    String file(Language language) {
        return "%s_%s.properties".formatted(name().toLowerCase(Locale.ROOT), language.tag());
    }

    private Texts load(Language language) {
        Properties properties = new Properties();
        try (InputStream in = TextBundle.class.getResourceAsStream(file(language))) {
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
}
