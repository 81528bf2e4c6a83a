package dev.stanstudio.adapter.project;

import dev.stanstudio.engine.ProgramText;
import dev.stanstudio.engine.ScriptValue;
import dev.stanstudio.sd3.mmdit.Adapters;
import java.util.List;

/**
 * The lists that {@link ProjectionListsBuilder} built. Thread-safe.
 *
 * @param lists those outside of blocks, then those of each block
 */
record BuiltLists(List<ScriptValue> lists) implements Adapters {
    /** Keeps a copy of the list. */
    BuiltLists {
        lists = List.copyOf(lists);
    }

    @Override
    public ProgramText text() {
        return ProjectionListsBuilder.TEXT;
    }

    @Override
    public ScriptValue block(int index) {
        return lists.get(index + 1);
    }

    @Override
    public ScriptValue outside() {
        return lists.get(0);
    }
}
