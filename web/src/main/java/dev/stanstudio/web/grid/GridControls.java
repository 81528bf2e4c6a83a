package dev.stanstudio.web.grid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.generate.ControlFinder;
import dev.stanstudio.sd3.pipeline.ControlInput;
import dev.stanstudio.sd3.pipeline.ControlText;
import dev.stanstudio.web.matrix.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The control networks of a grid: the same for all pictures, or those that methods bring.
 *
 * @param all of every method that {@code byMethod} does not name
 * @param byMethod of the methods that it names
 */
record GridControls(List<ControlInput> all, Map<String, List<ControlInput>> byMethod) {
    GridControls {
        all = List.copyOf(all);
        byMethod = Collections.unmodifiableMap(new LinkedHashMap<>(byMethod));
    }

    /** Returns the control networks of a method's pictures. */
    List<ControlInput> of(Method method) {
        return byMethod.getOrDefault(method.name(), all);
    }

    /** Returns whether no picture is controlled. */
    boolean isEmpty() {
        return all.isEmpty() && byMethod.values().stream().allMatch(List::isEmpty);
    }

    /** Returns the columns of {@code methods} and those that bring control alone. */
    List<Method> withColumns(List<Method> methods) {
        List<Method> columns = new ArrayList<>(methods);
        for (String name : byMethod.keySet()) {
            if (methods.stream().noneMatch(method -> method.name().equals(name))) {
                columns.add(new Method(name, List.of()));
            }
        }
        return List.copyOf(columns);
    }

    /** Returns the same with each list changed. */
    GridControls identified(UnaryOperator<List<ControlInput>> change) {
        Map<String, List<ControlInput>> changed = new LinkedHashMap<>();
        byMethod.forEach((method, controls) -> changed.put(method, change.apply(controls)));
        return new GridControls(change.apply(all), changed);
    }

    /** Reads the key {@code control}; paths begin at the file's folder. */
    record Reader(YamlRecord records) {
        GridControls read(@Nullable JsonNode node) {
            Map<String, List<ControlInput>> byMethod = new LinkedHashMap<>();
            if (node == null || !node.isObject()) {
                return new GridControls(
                        node == null ? List.of() : controls("control", node), byMethod);
            }
            node.properties()
                    .forEach(
                            method ->
                                    byMethod.put(
                                            method.getKey(),
                                            controls(
                                                    "control." + method.getKey(),
                                                    method.getValue())));
            return new GridControls(List.of(), byMethod);
        }

        private List<ControlInput> controls(String key, JsonNode node) {
            List<ControlInput> controls = new ArrayList<>();
            if (node.isArray()) {
                node.forEach(one -> controls.add(control(key, one)));
            } else {
                controls.add(control(key, node));
            }
            return controls;
        }

        private ControlInput control(String key, JsonNode value) {
            if (!value.isValueNode() || value.isNull()) {
                throw records.wrong("%s must be a text, not %s".formatted(key, value));
            }
            Path folder = folder();
            try {
                ControlInput input = ControlText.parse(value.asText(), folder);
                Path path = Path.of(input.path());
                return Files.exists(path) ? input : input.by(named(folder, path));
            } catch (ArgumentException e) {
                throw records.wrong(String.valueOf(e.getMessage()));
            }
        }

        /** Returns a control network that is no path but the name of one. */
        private static String named(Path folder, Path path) {
            String name = folder.normalize().relativize(path).toString();
            return ControlFinder.ofUser().find(name).toString();
        }

        private Path folder() {
            return Objects.requireNonNullElse(
                    records.file().toAbsolutePath().getParent(), Path.of(""));
        }
    }
}
