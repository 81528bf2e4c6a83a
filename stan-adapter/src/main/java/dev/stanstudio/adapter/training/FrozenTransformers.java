package dev.stanstudio.adapter.training;

import dev.stanstudio.base.Closing;
import dev.stanstudio.engine.Device;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import java.util.ArrayList;
import java.util.List;

/** One {@link FrozenTransformer} on each of several devices. Thread-safe. */
final class FrozenTransformers implements AutoCloseable {
    private final List<FrozenTransformer> each = new ArrayList<>();

    /**
     * Opens the transformer of {@code source} once for each device, at least one.
     *
     * @throws dev.stanstudio.base.UserException if its weights cannot be quantised
     */
    FrozenTransformers(ModelSource source, LoadOptions options, List<Device> devices) {
        try {
            for (Device device : devices) {
                each.add(new FrozenTransformer(source, options.on(device)));
            }
        } catch (RuntimeException | Error e) {
            Closing.after(e, this);
            throw e;
        }
    }

    /** Returns the networks in the devices' order. */
    List<Mmdit> networks() {
        return each.stream().map(FrozenTransformer::network).toList();
    }

    @Override
    public void close() {
        Closing.all(each);
    }
}
