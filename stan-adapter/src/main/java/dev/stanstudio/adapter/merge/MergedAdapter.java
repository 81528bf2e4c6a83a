package dev.stanstudio.adapter.merge;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.AdapterFolder;
import dev.stanstudio.adapter.file.AdapterRecord;
import dev.stanstudio.adapter.file.LoraFile;
import dev.stanstudio.adapter.file.LoraWriter;
import dev.stanstudio.adapter.file.NewFolder;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.Joining;
import dev.stanstudio.adapter.project.Form;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes several adapters as one, without a model. */
public final class MergedAdapter {
    private final List<AdapterFile> files;
    private final List<Expert> experts;
    private final MergeMethod method;

    /**
     * @param weights of the files, in their order
     */
    public MergedAdapter(List<AdapterFile> files, List<Double> weights, MergeMethod method) {
        this.files = List.copyOf(files);
        this.experts =
                IntStream.range(0, files.size())
                        .mapToObj(i -> new Expert(files.get(i), weights.get(i)))
                        .toList();
        this.method = method;
    }

    /**
     * Writes folder {@code out}: STANs are joined feature beside feature, LoRAs rank beside rank,
     * sparse masks merged to a sparse mask. LoRAs of text encoders too are written as diffusers
     * does.
     *
     * @param rank of a LoRA that comes as close to the merge of any linear adapters as its rank
     *     allows, or null
     * @throws UserException if the adapters do not go together; it says why
     */
    public void write(Path out, @Nullable Integer rank) {
        requireOneModel();
        switch (rank == null ? joining() : Joining.RANKS) {
            case FEATURES -> writeFeatures(out);
            case MASKS -> writeMasks(out);
            case RANKS -> writeRanks(out, rank);
        }
    }

    /** Returns what all adapters have in common, else the sum of ranks. */
    private Joining joining() {
        Set<Joining> ways = EnumSet.noneOf(Joining.class);
        for (AdapterFile file : files) {
            ways.add(file.record().map(record -> record.kind().joining()).orElse(Joining.RANKS));
        }
        return ways.size() == 1 ? ways.iterator().next() : Joining.RANKS;
    }

    private void requireOneModel() {
        Map<String, String> owners = new LinkedHashMap<>();
        for (AdapterFile file : files) {
            file.record().ifPresent(r -> owners.put(r.baseFingerprint(), file.name()));
        }
        if (owners.size() > 1) {
            throw new UserException(
                    "%s were trained on models with different weights; merge adapters of one model"
                            .formatted(String.join(" and ", owners.values())));
        }
    }

    private void requireSum(String what) {
        if (method.rule() != MergeMethod.Rule.TASK_ARITHMETIC || method.scale() != 1) {
            throw new ArgumentException(
                    what + " are joined as they are; give weights instead of --method and --scale");
        }
    }

    private void writeFeatures(Path out) {
        requireSum("STANs");
        JoinedStan joined = new JoinedStan(experts, records());
        AdapterFolder.write(
                out, record(joined.kind(), joined.modules()), joined.tensors(), List.of());
    }

    private List<AdapterRecord> records() {
        return files.stream().map(file -> file.record().orElseThrow()).toList();
    }

    private void writeRanks(Path out, @Nullable Integer rank) {
        boolean lowRank =
                experts.stream()
                        .map(Expert::source)
                        .allMatch(
                                source ->
                                        source.modules().keySet().stream()
                                                .allMatch(
                                                        module ->
                                                                source.part(module).form()
                                                                        == Form.LOW_RANK));
        experts.forEach(Merge::requireLinear);
        experts.forEach(expert -> expert.source().requireFixed());
        if (rank == null && (!lowRank || method.rule() != MergeMethod.Rule.TASK_ARITHMETIC)) {
            throw new ArgumentException(
                    "this merge is no sum of low-rank changes; give --rank for the nearest LoRA, or"
                            + " --model to merge it into a model");
        }
        JoinedLora joined = new JoinedLora(experts, method, rank);
        if (joined.changesText()) {
            List<LoraWriter.Content> contents = joined.contents(base());
            NewFolder.write(out, folder -> LoraWriter.diffusers(folder, contents, origins()));
            return;
        }
        List<String> targets = List.copyOf(joined.modules().keySet());
        boolean known = files.stream().allMatch(file -> file.record().isPresent());
        if (known) {
            AdapterFolder.write(
                    out, record(joined.kind(), joined.modules()), joined.tensors(), targets);
            return;
        }
        LoraWriter.Content content =
                new LoraWriter.Content(joined.kind(), targets, base(), joined.tensors());
        NewFolder.write(out, folder -> LoraWriter.peft(folder, content, origins()));
    }

    private String base() {
        return files.stream()
                .flatMap(file -> file.lora().flatMap(LoraFile::baseModel).stream())
                .findFirst()
                .orElse("");
    }

    private void writeMasks(Path out) {
        JoinedMasks joined = new JoinedMasks(experts, records().get(0), method);
        AdapterFolder.write(
                out, record(joined.kind(), joined.modules()), joined.tensors(), List.of());
    }

    private AdapterRecord record(AdapterKind kind, Map<String, long[]> modules) {
        AdapterRecord first = records().get(0);
        return AdapterRecord.of(
                kind, modules, first.baseModel(), first.baseFingerprint(), origins());
    }

    /** Lists the adapters with their weights, so that pictures can be traced. */
    private Map<String, String> origins() {
        Map<String, String> origins = new LinkedHashMap<>();
        origins.put("merged_by", method.rule().label() + " × " + method.scale());
        for (int i = 0; i < experts.size(); i++) {
            Expert expert = experts.get(i);
            origins.put(
                    "merged_" + i,
                    "%s=%s sha256 %s"
                            .formatted(
                                    expert.source().name(),
                                    expert.weight(),
                                    expert.source().sha256()));
        }
        return origins;
    }
}
