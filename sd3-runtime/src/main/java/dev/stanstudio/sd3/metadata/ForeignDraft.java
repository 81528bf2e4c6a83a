package dev.stanstudio.sd3.metadata;

import dev.stanstudio.base.UserException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Gathers the settings of another program while they are read. For one thread. */
final class ForeignDraft {
    private final Map<Setting, String> values = new EnumMap<>(Setting.class);
    private final Map<Detail, String> details = new EnumMap<>(Detail.class);
    private final Map<Setting, String> problems = new EnumMap<>(Setting.class);
    private final Set<String> notes = new LinkedHashSet<>();
    private final UnusedSettings untaken = new UnusedSettings();

    /** Keeps what {@code read} returns, or the reason why it cannot. */
    void take(Setting setting, Supplier<Optional<String>> read) {
        try {
            read.get().ifPresent(value -> values.put(setting, value));
        } catch (UserException e) {
            problems.put(setting, String.valueOf(e.getMessage()));
        }
    }

    void put(Setting setting, String value) {
        values.put(setting, value);
    }

    /** Keeps a detail; a second value of the same is noted. */
    void put(Detail detail, String name, String value) {
        String before = details.putIfAbsent(detail, value);
        if (before != null && !before.equals(value)) {
            untaken.add(name, value);
        }
    }

    /** Runs a part of the reading; the reason why it cannot go on becomes a note. */
    void attempt(Runnable part) {
        try {
            part.run();
        } catch (UserException e) {
            note("Not taken over: " + e.getMessage() + ".");
        }
    }

    void problem(Setting setting, String why) {
        problems.put(setting, why);
    }

    void note(String text) {
        notes.add(text);
    }

    void note(List<String> texts) {
        notes.addAll(texts);
    }

    void untaken(String name, String value) {
        untaken.add(name, value);
    }

    ForeignSettings settings(String program) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(untaken.notes());
        return new ForeignSettings(program, values, details, problems, all);
    }
}
