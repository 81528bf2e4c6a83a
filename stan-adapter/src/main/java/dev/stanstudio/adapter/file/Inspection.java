package dev.stanstudio.adapter.file;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.stanstudio.adapter.kind.Sizing;
import dev.stanstudio.adapter.project.AdapterReport;
import dev.stanstudio.adapter.project.LeftOut;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.command.TerminalText;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@code studio adapter inspect}; {@code --json} prints exactly these fields.
 *
 * @param kind {@code lora}, one of this program's own kinds or one that is only read; of several
 *     kinds all, with "and" between
 * @param format who wrote the file
 * @param ranks the different ranks, or numbers of features, ascending; likewise alphas and scales
 * @param targets modules of the transformer by range of blocks
 * @param parameters stored numbers in the A and B of the transformer
 * @param textEncoders modules by text encoder, which the adapter does not apply
 * @param notApplied what is not applied, a line for each kind
 * @param notes what people wrote about it, if anything
 * @param model the match, where a model was named
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Inspection(
        String file,
        String kind,
        String format,
        @Nullable String baseModel,
        List<Long> ranks,
        List<Double> alphas,
        List<Double> scales,
        int modules,
        List<BlockRanges.Group> targets,
        long parameters,
        long bytes,
        String sha256,
        Map<String, List<String>> textEncoders,
        List<String> unknownKeys,
        List<String> notApplied,
        Map<String, String> metadata,
        @Nullable AdapterNotes notes,
        @Nullable Match model) {

    /** Result of comparing the adapter with a model. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Match(
            String path,
            List<String> matched,
            List<AdapterReport.Unmatched> unmatched,
            List<WrongShape> wrongShape) {
        public static Match of(Path path, AdapterReport report) {
            return new Match(
                    path.toString(),
                    report.matched(),
                    report.unmatched(),
                    report.wrongShape().stream()
                            .map(w -> new WrongShape(w.module(), w.adapterShape(), w.modelShape()))
                            .toList());
        }
    }

    /** A module that has another shape in the model. */
    @JsonNaming(SnakeCaseStrategy.class)
    record WrongShape(String module, List<Long> adapterShape, List<Long> modelShape) {}

    public static Inspection of(LoraFile file, Optional<Match> match) {
        Collection<LoraTarget> targets = file.adapter().targets().values();
        Set<String> modules = new TreeSet<>(file.adapter().targets().keySet());
        modules.addAll(file.changes().keySet());
        return new Inspection(
                file.path().toString(),
                file.kinds(),
                file.format().label(),
                file.baseModel().orElse(null),
                ranks(file),
                distinct(targets, LoraTarget::alpha),
                distinct(targets, LoraTarget::scale),
                modules.size(),
                BlockRanges.of(modules),
                file.parameters(),
                file.bytes(),
                file.sha256(),
                file.textEncoders(),
                file.unknownKeys(),
                file.leftOut().stream().map(LeftOut::message).toList(),
                file.metadata(),
                notes(file.path()),
                match.orElse(null));
    }

    /** Describes a folder in this program's own format. */
    public static Inspection of(Path folder, AdapterFile file, Optional<Match> match) {
        AdapterRecord record = file.record().orElseThrow();
        List<ProjectionPart> parts = record.modules().keySet().stream().map(file::part).toList();
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("settings", record.kind().words());
        metadata.put("base_model_fingerprint", record.baseFingerprint());
        metadata.putAll(record.versions());
        metadata.putAll(record.training());
        return new Inspection(
                folder.toString(),
                record.kind().label(),
                "stan-studio",
                record.baseModel(),
                parts.stream().map(ProjectionPart::features).distinct().sorted().toList(),
                List.of(),
                parts.stream().map(ProjectionPart::scale).distinct().sorted().toList(),
                record.modules().size(),
                BlockRanges.of(record.modules().keySet()),
                Sizing.parameters(record.kind(), record.shapes()),
                file.length(),
                file.sha256(),
                Map.of(),
                List.of(),
                List.of(),
                metadata,
                notes(folder),
                match.orElse(null));
    }

    private static List<Long> ranks(LoraFile file) {
        return Stream.concat(
                        file.adapter().targets().values().stream().map(LoraTarget::rank),
                        file.changes().values().stream().map(one -> one.change().rank()))
                .filter(rank -> rank > 0)
                .distinct()
                .sorted()
                .toList();
    }

    private static @Nullable AdapterNotes notes(Path adapter) {
        AdapterNotes notes = AdapterNotes.read(adapter);
        return notes.isEmpty() ? null : notes;
    }

    /** Returns all fields as JSON. */
    public String json() {
        return TerminalText.json(Json.pretty(Json.PLAIN, this));
    }

    private static <V extends Comparable<V>> List<V> distinct(
            Collection<LoraTarget> targets, Function<LoraTarget, V> value) {
        return targets.stream().map(value).distinct().sorted().toList();
    }
}
