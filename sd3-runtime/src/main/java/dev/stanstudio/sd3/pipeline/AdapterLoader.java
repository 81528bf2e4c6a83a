package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.model.Sd3Model;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/**
 * Makes adapters ready for a model. Found as a service, since adapters are another module's matter.
 * A loader may keep what it has made ready for later requests until it is closed. Thread-safe.
 */
public interface AdapterLoader extends AutoCloseable {
    /** Adapters made ready; close them after their last use. */
    interface Loaded extends AutoCloseable {
        /** Returns the additions in denoising step {@code step}, counted from 1. */
        Adapters adapters(int step);

        /** The same adapters with their hashes, in the same order. */
        List<AdapterUse> uses();

        @Override
        void close();
    }

    /**
     * Reads {@code uses} and fits them to {@code model}.
     *
     * @param uses at least one
     * @param features what is done to features of STANs among them
     * @param warnings told what the user should know, such as modules that do not fit
     * @throws UserException if an adapter cannot be read or does not fit the model
     * @throws dev.stanstudio.base.ArgumentException if a feature is not there
     */
    Loaded load(
            Sd3Model model,
            List<AdapterUse> uses,
            List<FeatureChange> features,
            Consumer<String> warnings);

    /** Gives up what is kept; what is still in use is given up with its last use. */
    @Override
    void close();

    /**
     * A loader of this program.
     *
     * @throws UserException if the program was assembled without adapters
     */
    static AdapterLoader find() {
        return ServiceLoader.load(AdapterLoader.class)
                .findFirst()
                .orElseThrow(() -> new UserException("this program was built without adapters"));
    }
}
