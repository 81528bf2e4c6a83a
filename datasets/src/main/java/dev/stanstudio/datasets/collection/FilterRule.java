package dev.stanstudio.datasets.collection;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.stanstudio.base.Labelled;

/** Reasons for which pictures are taken out, in the order in which they are asked for. */
enum FilterRule implements Labelled {
    SMALL("too small"),
    LONG("too long"),
    UNREADABLE("unreadable"),
    PLAIN("one colour"),
    BLURRED("blurred"),
    NEAR("near copies");

    private final String label;

    FilterRule(String label) {
        this.label = label;
    }

    @Override
    @JsonValue
    public String label() {
        return label;
    }
}
