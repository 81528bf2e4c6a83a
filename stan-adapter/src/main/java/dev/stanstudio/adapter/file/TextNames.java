package dev.stanstudio.adapter.file;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.text.TextSlot;
import dev.stanstudio.sd3.text.TextTower;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The names that programs give to the modules of SD3's text encoders. */
final class TextNames {
    /** Longer ones first, where one begins with another. */
    private static final List<Map.Entry<String, TextTower>> PREFIXES =
            List.of(
                    Map.entry("text_encoder.", TextTower.CLIP_L),
                    Map.entry("text_encoder_2.", TextTower.CLIP_G),
                    Map.entry("text_encoder_3.", TextTower.T5),
                    Map.entry("text_encoders.clip_l.", TextTower.CLIP_L),
                    Map.entry("text_encoders.clip_g.", TextTower.CLIP_G),
                    Map.entry("text_encoders.t5xxl.", TextTower.T5),
                    Map.entry("text_encoders.", TextTower.CLIP_L),
                    Map.entry("clip_l.", TextTower.CLIP_L),
                    Map.entry("clip_g.", TextTower.CLIP_G),
                    Map.entry("t5xxl.", TextTower.T5),
                    Map.entry("lora_te1_", TextTower.CLIP_L),
                    Map.entry("lora_te2_", TextTower.CLIP_G),
                    Map.entry("lora_te3_", TextTower.T5),
                    Map.entry("lora_te_", TextTower.CLIP_L));

    private static final String PEFT = "base_model.model.";

    /** ComfyUI's encoders have the network one level deeper. */
    private static final String INNER = "transformer.";

    private static final String CLIP = "text_model.";

    private TextNames() {}

    /**
     * A module of a text encoder.
     *
     * @param tower the encoder
     * @param module the rest of its name
     */
    record TextModule(TextTower tower, String module) {
        /** Returns its path, with the encoder's name; empty if no layer is called so. */
        Optional<String> path() {
            String inner = module.startsWith(INNER) ? module.substring(INNER.length()) : module;
            return Stream.of(inner, CLIP + inner)
                    .map(name -> tower.prefix() + name)
                    .filter(name -> TextSlot.of(name).isPresent())
                    .findFirst()
                    .or(() -> flat(inner));
        }

        /** Undoes underscores for dots. */
        private Optional<String> flat(String name) {
            Optional<String> outside =
                    tower.outside().stream().filter(o -> underscored(o).equals(name)).findFirst();
            return outside.or(() -> layer(name)).map(path -> tower.prefix() + path);
        }

        private Optional<String> layer(String name) {
            String layers = underscored(tower.layers());
            int end = name.indexOf('_', layers.length());
            if (!name.startsWith(layers) || end < 0) {
                return Optional.empty();
            }
            String number = name.substring(layers.length(), end);
            String rest = name.substring(end + 1);
            return tower.parts().stream()
                    .filter(part -> underscored(part).equals(rest))
                    .map(part -> tower.layers() + number + "." + part)
                    .filter(path -> TextSlot.of(tower.prefix() + path).isPresent())
                    .findFirst();
        }
    }

    private static String underscored(String path) {
        return path.replace('.', '_');
    }

    /**
     * Returns the module that {@code stem} names, if it is one of a text encoder.
     *
     * @param home the encoder that a file of PEFT belongs to, if it is known
     */
    static Optional<TextModule> of(String stem, Optional<TextTower> home) {
        boolean peft = stem.startsWith(PEFT);
        String name = peft ? stem.substring(PEFT.length()) : stem;
        Optional<TextModule> named =
                PREFIXES.stream()
                        .filter(prefix -> name.startsWith(prefix.getKey()))
                        .map(p -> new TextModule(p.getValue(), name.substring(p.getKey().length())))
                        .findFirst();
        if (named.isPresent() || !peft) {
            return named;
        }
        if (name.startsWith(TextTower.T5.layers())) {
            return Optional.of(new TextModule(TextTower.T5, name));
        }
        return home.map(tower -> new TextModule(tower, name));
    }

    /**
     * Returns the text encoder that a folder of PEFT is called as: PEFT's files do not name the
     * model that they change.
     *
     * @param adapter the folder or the file in it
     */
    static Optional<TextTower> home(Path adapter) {
        return Stream.of(adapter, adapter.resolveSibling(""))
                .map(path -> path.toAbsolutePath().normalize().getFileName())
                .filter(name -> name != null)
                .flatMap(name -> TextTower.ofComponent(name.toString()).stream())
                .findFirst();
    }

    /**
     * Refuses a module of a CLIP that nobody knows.
     *
     * @throws UserException that says how to name it
     */
    static void requireHome(Path file, String module) {
        if (module.startsWith(CLIP)) {
            throw new UserException(
                    "%s changes a CLIP text encoder (%s) and does not say which; call its folder %s for CLIP-L or %s for CLIP-G"
                            .formatted(
                                    file,
                                    module,
                                    TextTower.CLIP_L.component(),
                                    TextTower.CLIP_G.component()));
        }
    }
}
