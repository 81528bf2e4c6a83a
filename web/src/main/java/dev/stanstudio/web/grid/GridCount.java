package dev.stanstudio.web.grid;

import com.fasterxml.jackson.databind.JsonNode;

/** Counts what a grid's YAML asks for, without reading adapters. */
public final class GridCount {
    private GridCount() {}

    /** Returns the pairs of style and content: those listed, of a preset, and multiplied ones. */
    public static int pairs(JsonNode grid) {
        JsonNode pairs = grid.path("pairs");
        int listed = pairs.isTextual() ? GridPresets.named(pairs.asText()).size() : pairs.size();
        return listed + grid.path("contents").size() * Math.max(1, grid.path("styles").size());
    }
}
