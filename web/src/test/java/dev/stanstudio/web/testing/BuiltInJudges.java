package dev.stanstudio.web.testing;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Lets the tests of a class score pictures with the networks that come with the program. */
public final class BuiltInJudges implements BeforeAllCallback, AfterAllCallback {
    private static final String PROPERTY = "studio.scoring.models";

    private String before = "";

    @Override
    public void beforeAll(ExtensionContext context) {
        before = System.getProperty(PROPERTY, "");
        System.setProperty(PROPERTY, Path.of("../scoring/models").toAbsolutePath().toString());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        System.setProperty(PROPERTY, before);
    }
}
