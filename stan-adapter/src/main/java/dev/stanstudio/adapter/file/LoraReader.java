package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.project.LeftOut;
import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.SafetensorsFile;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.StoredWeights.Part;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.text.TextTower;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/** Reads the tensors of a LoRA file of any program into targets. */
final class LoraReader {
    private static final String ALPHA = ".alpha";

    private static final List<String> KOHYA_BASE =
            List.of("ss_sd_model_name", "ss_base_model_version", "modelspec.architecture");

    private final SafetensorsFile file;
    private final LoraConfigs configs;
    private final Optional<TextTower> home;
    private final Map<String, LoraTarget> targets = new TreeMap<>();
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Map<String, ModuleChange> changes = new TreeMap<>();
    private final Set<String> valued = new HashSet<>();
    private final List<String> unknown = new ArrayList<>();
    private long parameters;
    private boolean kohya;

    private LoraReader(SafetensorsFile file, LoraConfigs configs, Optional<TextTower> home) {
        this.file = file;
        this.configs = configs;
        this.home = home;
    }

    static LoraFile read(LoraLocation location) {
        SafetensorsFile file = location.file();
        Optional<TextTower> home =
                location.config().isPresent() ? TextNames.home(location.given()) : Optional.empty();
        LoraReader reader = new LoraReader(file, LoraConfigs.read(location), home);
        LoraPair.Found found = LoraPair.in(file, home);
        reader.unknown.addAll(found.others());
        boolean usual =
                found.pairs().stream().anyMatch(p -> ModuleNames.isUsual(p.stem()))
                        || found.changes().stream().anyMatch(c -> ModuleNames.isUsual(c.stem()));
        found.pairs().forEach(pair -> reader.add(pair, usual));
        found.changes().forEach(change -> reader.add(change, usual));
        reader.requireOnlyPairs(found.others());
        if (reader.targets.isEmpty()
                && reader.changes.isEmpty()
                && found.textEncoders().isEmpty()) {
            ForeignNames.refuse(file.path(), reader.unknown);
            throw new UserException(
                    "%s holds no LoRA of Stable Diffusion 3%s"
                            .formatted(
                                    file.path(),
                                    reader.unknown.stream()
                                            .findFirst()
                                            .map(key -> "; its first tensor is " + key)
                                            .orElse("")));
        }
        boolean peft = location.config().isPresent();
        return reader.result(location.given(), peft, found.textEncoders());
    }

    /**
     * A whole tensor of the transformer was trained too; without it the rest is not the adapter.
     */
    private void requireOnlyPairs(List<String> others) {
        for (String key : others) {
            boolean harmless =
                    key.endsWith(ALPHA) || LeftOut.isEmbedding(key) || LeftOut.isTrainingState(key);
            if (!harmless && ModuleNames.isTransformer(key)) {
                throw new UserException(
                        "%s holds %s, a tensor of the transformer that is no part of a LoRA, such as a module trained whole (modules_to_save): %s"
                                .formatted(file.path(), key, OtherKinds.ADVICE));
            }
        }
    }

    private LoraFile result(Path given, boolean peft, Map<String, List<String>> textEncoders) {
        LoraFormat other = kohya ? LoraFormat.KOHYA : LoraFormat.DIFFUSERS;
        TensorFiles tensors = new TensorFiles();
        StoredWeights stored = new StoredWeights(file.path().toString(), tensors, parts);
        LoraFactors factors = new LoraFactors(stored, valued);
        return new LoraFile(
                file.path(),
                peft ? LoraFormat.PEFT : other,
                new LoraAdapter(given.toString(), targets, factors, start(peft)),
                changes,
                textEncoders,
                unknown,
                configs.unknown(),
                parameters,
                file.length(),
                baseModel(),
                file.metadata(),
                tensors);
    }

    /**
     * Other names than PEFT's cut and join modules, so that their weight is not the one begun with.
     */
    private LoraStart start(boolean peft) {
        LoraStart start = configs.start(file.path().toString());
        if (!peft || kohya || !changes.isEmpty()) {
            start.requirePlain(file.path().toString());
        }
        return start;
    }

    private Optional<String> baseModel() {
        return configs.baseModel()
                .or(
                        () ->
                                KOHYA_BASE.stream()
                                        .map(file.metadata()::get)
                                        .filter(name -> name != null && !name.isBlank())
                                        .findFirst());
    }

    private void add(LoraPair pair, boolean usual) {
        List<ModuleRows> modules = modules(StoredModule.of(pair), usual);
        kohya |= ModuleNames.isKohya(pair.stem());
        if (modules.isEmpty()) {
            unknown.addAll(pair.keys());
            return;
        }
        parameters = Math.addExact(parameters, pair.parameters());
        modules.forEach(rows -> add(rows.module(), pair, rows.part(pair.up())));
    }

    private List<ModuleRows> modules(StoredModule stored, boolean usual) {
        Optional<String> text =
                TextNames.of(stored.stem(), home).flatMap(TextNames.TextModule::path);
        if (text.isPresent()) {
            return ModuleNames.whole(stored, text.get());
        }
        List<ModuleRows> modules = ModuleNames.modules(stored, usual);
        modules.forEach(rows -> TextNames.requireHome(file.path(), rows.module()));
        return modules;
    }

    private void add(ChangeTensors tensors, boolean usual) {
        String stem = tensors.stem();
        List<String> keys = tensors.keys().toList();
        String path =
                TextNames.of(stem, home)
                        .flatMap(TextNames.TextModule::path)
                        .orElseGet(() -> ModuleNames.withoutPrefix(stem));
        String inner = LoraConfigs.inner(path);
        WeightChange change =
                new ChangeReader(configs.of(path))
                        .read(tensors, inner, (down, up, alpha) -> scale(path, down, up, alpha));
        long[] shape = change.shape();
        long columns = Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
        String origin = file.path() + ": " + stem;
        List<ModuleRows> modules =
                modules(
                        new StoredModule(stem, origin, shape[0], columns, shape.length == 2),
                        usual);
        kohya |= ModuleNames.isKohya(stem);
        if (modules.isEmpty()) {
            unknown.addAll(keys);
            return;
        }
        parameters = Math.addExact(parameters, change.parameters());
        for (ModuleRows rows : modules) {
            ModuleChange own = new ModuleChange(change, rows, modules);
            boolean twice = changes.put(rows.module(), own) != null;
            if (twice || targets.containsKey(rows.module())) {
                throw new UserException(
                        "%s changes %s twice; of two kinds for one module neither is the adapter"
                                .formatted(file.path(), rows.module()));
            }
        }
    }

    /** The scale of a LoRA to which more is done. */
    private double scale(String path, StoredTensor down, StoredTensor up, OptionalDouble stated) {
        LoraPair pair = new LoraPair(path, down, up, null, stated);
        LoraTarget target = target(path, pair, Part.whole(down), Part.whole(up));
        configs.of(path).ifPresent(c -> c.requireRank(LoraConfigs.inner(path), target.rank()));
        return target.scale();
    }

    private void add(String module, LoraPair pair, Part up) {
        Optional<PeftConfig> config = configs.of(module);
        config.ifPresent(c -> c.requirePair(file.path().toString(), module));
        boolean adaptive = config.map(PeftConfig::adaptive).orElse(false);
        if (adaptive != (pair.values() != null)) {
            throw new UserException(
                    "%s: %s %s singular values (lora_E), which only an AdaLoRA of PEFT with its adapter_config.json has"
                            .formatted(file.path(), module, adaptive ? "lacks" : "has"));
        }
        if (pair.isEmpty()) {
            return;
        }
        Part down = Part.whole(pair.down());
        LoraTarget target = target(module, pair, down, up);
        config.ifPresent(c -> c.requireRank(LoraConfigs.inner(module), target.rank()));
        addValues(module, pair, target);
        if (targets.put(module, target) != null) {
            throw new UserException(file.path() + " holds two LoRAs of " + module);
        }
        parts.put(module + LoraAdapter.DOWN, down);
        parts.put(module + LoraAdapter.UP, up);
    }

    private void addValues(String module, LoraPair pair, LoraTarget target) {
        StoredTensor values = pair.values();
        if (values == null) {
            return;
        }
        if (values.info().elements() != target.rank() || target.down().size() != 2) {
            throw new UserException(
                    "%s: %s %s does not fit A %s"
                            .formatted(
                                    file.path(),
                                    values.info().name(),
                                    values.info().shape(),
                                    target.down()));
        }
        valued.add(module);
        parts.put(module + LoraFactors.VALUES, Part.whole(values));
    }

    private LoraTarget target(String module, LoraPair pair, Part down, Part up) {
        boolean rankStabilized = configs.of(module).map(PeftConfig::rankStabilized).orElse(false);
        try {
            return new LoraTarget(
                    module, down.shape(), up.shape(), alpha(module, pair), rankStabilized);
        } catch (UserException e) {
            throw new UserException(file.path() + ": " + e.getMessage(), e);
        }
    }

    /** Without a statement α is r, so that the scale is 1 (diffusers loaders/peft.py). */
    private double alpha(String module, LoraPair pair) {
        List<Long> down = pair.down().info().shape();
        long rank = down.isEmpty() ? 0 : down.get(0);
        Optional<PeftConfig> config = configs.of(module);
        if (config.isEmpty()) {
            double stated = pair.alpha().orElse(0);
            return stated == 0 ? rank : stated;
        }
        double stated = config.get().alphaOf(LoraConfigs.inner(module), rank);
        if (pair.alpha().isPresent() && Math.abs(pair.alpha().getAsDouble() - stated) > 1e-3) {
            throw new UserException(
                    "%s: alpha of %s is %s in its tensor and %s in the configuration; remove one"
                            .formatted(file.path(), module, pair.alpha().getAsDouble(), stated));
        }
        return stated;
    }
}
