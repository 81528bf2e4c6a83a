package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.text.TextAdapters;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/**
 * Loads adapters for a model. The implementation is found as a service, since it is in another
 * module. A loader may cache adapters until it is closed. Thread-safe.
 */
public interface AdapterLoader extends AutoCloseable {
    /** Loaded adapters; close them after their last use. */
    interface Loaded extends AutoCloseable {
        /** Returns the adapters that apply in denoising step {@code step}, counted from 1. */
        Adapters adapters(int step);

        /** Returns what the text encoders get, in every step. */
        default TextAdapters text() {
            return TextAdapters.NONE;
        }

        /**
         * Receives that block {@code index} has run in a denoising step, so that what an adapter
         * recorded there can be read and freed. The pass of skip-layer guidance is not reported.
         */
        default void afterBlock(int index) {}

        /** The same adapters with their hashes, in the same order. */
        List<WeightedAdapter> uses();

        @Override
        void close();
    }

    /**
     * Reads {@code uses} and assigns their tensors to the layers of {@code model}.
     *
     * @param uses at least one
     * @param features changes of features of STANs among them
     * @param warnings receives notes for the user, such as on modules that do not fit
     * @throws UserException if an adapter cannot be read or does not fit the model
     * @throws dev.stanstudio.base.ArgumentException if a feature is not there
     */
    Loaded load(
            Sd3Model model,
            List<WeightedAdapter> uses,
            List<FeatureChange> features,
            Consumer<String> warnings);

    /** Frees cached adapters; those in use are freed after their last use. */
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
