package dev.stanstudio.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Registered for every test of every module: a test leaves as many native values as it found. What
 * a class keeps for all its tests is made before the first and closed after the last.
 */
public final class NoLeaks implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace SPACE =
            ExtensionContext.Namespace.create(NoLeaks.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(SPACE).put(context.getUniqueId(), Torch.liveHandles());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Long before = context.getStore(SPACE).get(context.getUniqueId(), Long.class);
        if (before != null && context.getExecutionException().isEmpty()) {
            assertEquals(before, Torch.liveHandles(), "native values alive after the test");
        }
    }
}
