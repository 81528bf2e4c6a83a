package dev.stanstudio.web.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.IpAdapterInput;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Describes an IP-Adapter in the body of an order.
 *
 * @param adapter its name
 * @param pictures ids of finished pictures, or what storing them answered
 * @param scale 0 … 5; by default 0.5
 */
record ApiIpAdapter(
        @Nullable String adapter, @Nullable List<String> pictures, @Nullable Double scale) {
    static @Nullable IpAdapterInput read(@Nullable ApiIpAdapter given, IpAdapterInputs inputs) {
        return given == null ? null : given.input(inputs);
    }

    private IpAdapterInput input(IpAdapterInputs inputs) {
        if (adapter == null || adapter.isBlank() || adapter.indexOf('\0') >= 0) {
            throw new ArgumentException("ip_adapter needs the name of an adapter");
        }
        List<String> shown = pictures == null ? List.of() : pictures;
        if (shown.stream().anyMatch(one -> one == null || one.isBlank())) {
            throw new ArgumentException("pictures of ip_adapter holds no picture; give their ids");
        }
        return inputs.input(
                adapter, shown, Objects.requireNonNullElse(scale, IpAdapterInput.DEFAULT_SCALE));
    }
}
