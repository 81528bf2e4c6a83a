package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.IpAdapterInput;
import dev.stanstudio.sd3.pipeline.IpAdapterInput.StylePicture;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for an IP-Adapter and its pictures. */
final class IpAdapterOptions {
    @Option(
            names = "--ip-adapter",
            paramLabel = "DIR[=SCALE]",
            description =
                    "An IP-Adapter for SD3, which shows the model the pictures of --style-image"
                            + " (scale: 0.5; 0 is none, 1 as trained, at most 5).")
    @Nullable String ipAdapter;

    @Option(
            names = "--style-image",
            paramLabel = "FILE",
            description = "A picture for --ip-adapter; may be given several times.")
    @Nullable List<String> styleImages;

    /** The adapter: options over {@code base}. */
    @Nullable IpAdapterInput over(@Nullable IpAdapterInput base) {
        List<StylePicture> given = given();
        if (ipAdapter != null) {
            List<StylePicture> before = base == null ? List.of() : base.pictures();
            IpAdapterInput named =
                    IpAdapterInput.parse(ipAdapter, given.isEmpty() ? before : given);
            return named.by(IpAdapterFinder.ofUser().find(named.path()).toString());
        }
        if (given.isEmpty()) {
            return base;
        }
        if (base == null) {
            throw new ArgumentException(
                    "--style-image is a picture for an IP-Adapter; name it with --ip-adapter");
        }
        return base.showing(given);
    }

    private List<StylePicture> given() {
        return styleImages == null
                ? List.of()
                : styleImages.stream().map(one -> new StylePicture(one, null)).toList();
    }

    /** Checks what can be checked before a model is loaded. */
    void check(boolean hasBase) {
        if (!hasBase || (ipAdapter != null && styleImages != null)) {
            IpAdapterInput unused = over(null);
        }
    }
}
