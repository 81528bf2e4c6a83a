package dev.stanstudio.adapter.file;

import java.util.List;

/**
 * A module by its original name, as kohya's files have it.
 *
 * @param name with underscores for dots, without a prefix
 * @param modules its parts by diffusers' names, the first rows first
 * @param swapHalves whether the halves of its rows stand the other way round in diffusers
 */
record KohyaModule(String name, List<String> modules, boolean swapHalves) {
    /** Keeps a copy. */
    KohyaModule {
        modules = List.copyOf(modules);
    }
}
