package dev.stanstudio.sd3.text;

import dev.stanstudio.engine.Products;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.ProgramText;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.ScriptValue;
import dev.stanstudio.sd3.mmdit.AdapterSlot;
import dev.stanstudio.sd3.mmdit.Adapters;
import org.jspecify.annotations.Nullable;

/** The program of an encoder for a pass with adapters, or without. Belongs to one pass. */
final class TowerProgram {
    private static final long MOST_SLOTS = 7;

    private final Program program;
    private final @Nullable Adapters adapters;
    private final ScriptValue none;

    TowerProgram(Scope pass, ProgramText text, @Nullable Adapters adapters) {
        this.adapters = adapters;
        program =
                Program.load(
                        text,
                        Products.plain(),
                        adapters == null ? Adapters.NO_TEXT : adapters.text());
        none = program.callStructure(pass, "no_adapters", MOST_SLOTS);
    }

    Program program() {
        return program;
    }

    /** Returns what is added in layer {@code index}, or {@link AdapterSlot#OUTSIDE} of layers. */
    ScriptValue at(int index) {
        if (adapters == null) {
            return none;
        }
        return index == AdapterSlot.OUTSIDE ? adapters.outside() : adapters.block(index);
    }
}
