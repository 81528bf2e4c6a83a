package dev.stanstudio.web.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.JsonText;
import java.time.Clock;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Keeps prompts under names in the database, for all visitors. Thread-safe. */
final class PresetTable {
    private static final int LONGEST_NAME = 80;
    private static final int LONGEST_TEXT = 100_000;

    private final Jdbi jdbi;
    private final Clock clock;

    PresetTable(Database database, Clock clock) {
        this.jdbi = database.jdbi();
        this.clock = clock;
    }

    /** Returns every preset by name. */
    List<PromptPreset> all() {
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        "SELECT settings FROM prompt_preset ORDER BY LOWER(name),"
                                                + " name")
                                .mapTo(String.class)
                                .map(json -> JsonText.read(json, PromptPreset.class))
                                .list());
    }

    /**
     * Keeps a preset; it replaces one of the same name.
     *
     * @throws ArgumentException if its name or its texts are empty or too long
     */
    void save(PromptPreset preset) {
        int length = preset.name().length();
        if (length == 0 || length > LONGEST_NAME) {
            throw new ArgumentException(
                    "a saved prompt's name has 1 to %d characters, not %d"
                            .formatted(LONGEST_NAME, length));
        }
        if (preset.prompts().isBlank()) {
            throw new ArgumentException("there is no prompt to save; write one");
        }
        String settings = JsonText.write(preset);
        if (settings.length() > LONGEST_TEXT) {
            throw new ArgumentException(
                    "a saved prompt has at most %d characters with its styles, not %d"
                            .formatted(LONGEST_TEXT, settings.length()));
        }
        jdbi.useHandle(
                h ->
                        h.createUpdate(
                                        """
                                        INSERT INTO prompt_preset (name, settings, created_at)
                                        VALUES (:name, :settings, :now)
                                        ON CONFLICT (name) DO UPDATE
                                        SET settings = excluded.settings,
                                            created_at = excluded.created_at
                                        """)
                                .bind("name", preset.name())
                                .bind("settings", settings)
                                .bind("now", clock.millis())
                                .execute());
    }

    /** Deletes a preset; nothing happens if there is none. */
    void delete(String name) {
        jdbi.useHandle(
                h ->
                        h.createUpdate("DELETE FROM prompt_preset WHERE name = :name")
                                .bind("name", name)
                                .execute());
    }
}
