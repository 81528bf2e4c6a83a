package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.Warnings;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.KindName;
import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.adapter.project.AdapterReport;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Device;
import dev.stanstudio.sd3.model.ModelSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An adapter that is trained further. Its hash is taken before the collection is encoded and its
 * weights are read after that, which may be hours later.
 *
 * @param path folder or file
 * @param sha256 hash of its tensors when the training began
 * @param settings hash of how they are used
 */
record EarlierAdapter(Path path, String sha256, String settings) {
    static EarlierAdapter of(Path path) {
        try (AdapterFile file = AdapterFile.open(path)) {
            return new EarlierAdapter(path, file.sha256(), file.settingsSha256());
        }
    }

    /**
     * Opens it again.
     *
     * @throws UserException if it is another one by now
     */
    AdapterFile open() {
        AdapterFile file = AdapterFile.open(path);
        if (file.sha256().equals(sha256) && file.settingsSha256().equals(settings)) {
            return file;
        }
        file.close();
        throw new UserException(
                path
                        + " has changed since this training began; put it back, or begin again in"
                        + " another folder with --out");
    }

    /** Returns what tells trainings that began with other adapters apart; empty without one. */
    static String identity(@Nullable EarlierAdapter earlier) {
        return earlier == null ? "" : " after " + earlier.sha256;
    }

    /** Returns what the new adapter says of it. */
    static Map<String, String> notes(@Nullable EarlierAdapter earlier) {
        return earlier == null
                ? Map.of()
                : Map.of("start", "%s, hash %s".formatted(earlier.path, earlier.sha256));
    }

    /** Refuses modules that are not trained on: they would be missing in the new adapter. */
    static void refuseOthers(AdapterReport report, Map<String, long[]> trained) {
        List<String> others =
                report.matched().stream().filter(module -> !trained.containsKey(module)).toList();
        if (!others.isEmpty()) {
            throw new ArgumentException(
                    "%s changes %d modules that are not trained here, such as %s; give it the same --targets, --blocks and --text-encoders"
                            .formatted(report.adapter(), others.size(), others.get(0)));
        }
    }

    /** Refuses an adapter of another kind, whose tensors have other names. */
    static void refuseOtherKind(AdapterFile file, AdapterKind kind) {
        if (!file.kind().equals(Optional.of(kind.name()))) {
            throw new ArgumentException(
                    "--method %s cannot begin with %s, a %s; give --method its kind, or --start another adapter"
                            .formatted(kind.label(), file.name(), file.kindLabel()));
        }
    }

    /**
     * Returns a warning where the settings of {@code kind} use the earlier weights otherwise than
     * the earlier adapter does, such as by another alpha or k: the training then begins with
     * another change than the one that it draws.
     *
     * @param modules weight shape [out, in] by module path
     */
    static List<String> changes(AdapterFile file, AdapterKind kind, Map<String, long[]> modules) {
        return modules.entrySet().stream()
                .filter(module -> file.modules().containsKey(module.getKey()))
                .map(module -> change(file, kind, module.getKey(), module.getValue()))
                .flatMap(Optional::stream)
                .limit(1)
                .toList();
    }

    private static Optional<String> change(
            AdapterFile file, AdapterKind kind, String module, long[] shape) {
        ProjectionPart before = file.part(module);
        ProjectionPart now = kind.part(module, shape[0], shape[1]);
        String was = use(before);
        String is = use(now);
        // Other sizes are refused when the tensors are read.
        return before.features() != now.features() || was.equals(is)
                ? Optional.empty()
                : Optional.of(
                        "%s was trained with %s in %s, and this training begins with %s: another change; give the options that it was trained with"
                                .formatted(file.name(), was, module, is));
    }

    private static String use(ProjectionPart part) {
        return "%s, factor %s, %d of %d active by %s"
                .formatted(
                        part.form().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        (float) part.scale(),
                        part.topk().active(),
                        part.topk().features(),
                        part.topk().selection().label());
    }

    /**
     * Returns the parameters of a training that goes on with it.
     *
     * @param err receives what of it is used otherwise
     * @throws ArgumentException if a kind cannot go on, or this is of another one
     */
    AdapterParameters parameters(
            ModelSource source,
            Device device,
            Map<String, long[]> modules,
            AdapterKind chosen,
            PrintWriter err) {
        if (!chosen.name().continues()) {
            throw new ArgumentException(
                    "--start does not go with %s, which cannot begin with a finished one; use %s"
                            .formatted(chosen.label(), KindName.continuing()));
        }
        try (AdapterFile file = open()) {
            refuseOtherKind(file, chosen);
            AdapterReport report =
                    file.match(TargetModules.of(source), source.fingerprint(), source.extended());
            Warnings.print(err, report.warnings());
            refuseOthers(report, modules);
            Warnings.print(err, changes(file, chosen, modules));
            return AdapterParameters.after(
                    chosen, modules, source.transformerConfig().numLayers(), device, file);
        }
    }
}
