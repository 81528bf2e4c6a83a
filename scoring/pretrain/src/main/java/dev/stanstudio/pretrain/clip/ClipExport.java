package dev.stanstudio.pretrain.clip;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorSource;
import dev.stanstudio.scoring.vision.ImagePreprocessing;
import dev.stanstudio.scoring.vision.VisionTower;
import dev.stanstudio.sd3.checkpoint.TensorMap;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.text.ClipTextEncoder;
import dev.stanstudio.sd3.tokenizer.BpeVocabulary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes trained weights in half precision, with the files that transformers keeps beside them. */
record ClipExport(ClipShape shape, Weights weights, BpeVocabulary vocabulary) {
    private static final String WEIGHTS = "model.safetensors";
    private static final String TOWER = "vision_model.";
    private static final String PROJECTION = "visual_projection.weight";
    private static final String STYLE_HEAD = "last_layer_style";

    void write(Path folder) {
        try {
            if (shape.texts().size() == 1) {
                writeModel(folder, shape.texts().get(0));
            } else {
                for (ClipShape.Text text : shape.texts()) {
                    writeTower(folder, text);
                }
            }
        } catch (IOException e) {
            throw new UserException(
                    folder + ": the model cannot be written: " + AtomicFile.reason(e), e);
        }
    }

    /** A CLIPModel of transformers with its tokenizer and preprocessing. */
    private void writeModel(Path folder, ClipShape.Text text) throws IOException {
        Files.createDirectories(folder);
        vocabulary.write(folder, text.config().maxPositions(), text.padding());
        ClipJson json = new ClipJson(vocabulary);
        write(folder.resolve("config.json"), json.model(shape, text));
        write(
                folder.resolve(ImagePreprocessing.FILE),
                ClipJson.preprocessing(shape.vision().imageSize()));
        Set<String> names = new LinkedHashSet<>(VisionTower.shapes(shape.vision()).keySet());
        names.addAll(ClipTextEncoder.shapes(text.config()).keySet());
        names.add(text.scale());
        write(folder.resolve(WEIGHTS), new PartWeights(weights, "", names));
    }

    /**
     * Writes the image tower alone, as CSD names its tensors: the projection, turned round, is the
     * style head.
     */
    void writeStyle(Path folder) {
        try {
            Files.createDirectories(folder);
            ObjectNode json = new ClipJson(vocabulary).tower(shape.vision());
            write(folder.resolve("config.json"), json);
            write(
                    folder.resolve(ImagePreprocessing.FILE),
                    ClipJson.preprocessing(shape.vision().imageSize()));
        } catch (IOException e) {
            throw new UserException(folder + ": the model cannot be written: " + e, e);
        }
        try (Scope scope = Scope.open("style tower")) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (String name : VisionTower.shapes(shape.vision()).keySet()) {
                boolean head = name.equals(PROJECTION);
                Tensor own = weights.open(scope, name);
                tensors.put(
                        head ? STYLE_HEAD : "backbone." + name.substring(TOWER.length()),
                        head ? ClipTowers.program().call(scope, "turned", own) : own);
            }
            write(folder.resolve(WEIGHTS), new TensorMap("the style tower", tensors));
        }
    }

    /** A CLIPTextModelWithProjection of transformers and its tokenizer, as a pipeline has them. */
    private void writeTower(Path folder, ClipShape.Text text) throws IOException {
        String name = text.prefix().substring(0, text.prefix().length() - 1);
        Path own = Files.createDirectories(folder.resolve(name));
        write(own.resolve("config.json"), new ClipJson(vocabulary).tower(text));
        Set<String> names = ClipTextEncoder.shapes(text.config()).keySet();
        write(own.resolve(WEIGHTS), new PartWeights(weights, text.prefix(), names));
        vocabulary.write(
                folder.resolve(text.tokenizer()), text.config().maxPositions(), text.padding());
    }

    private static void write(Path file, ObjectNode json) throws IOException {
        byte[] text = Json.PLAIN.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
        AtomicFile.write(file, out -> out.write(text));
    }

    private static void write(Path file, Weights weights) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        for (String name : weights.names()) {
            TensorSource bytes =
                    channel ->
                            TensorSource.of(ByteBuffer.wrap(half(weights, name))).writeTo(channel);
            List<Long> shape = Arrays.stream(weights.shape(name)).boxed().toList();
            tensors.add(new SafetensorsWriter.Tensor(name, StoredType.F16, shape, bytes));
        }
        SafetensorsWriter.write(file, Map.of(), tensors);
    }

    private static byte[] half(Weights weights, String name) {
        try (Scope scope = Scope.open(name)) {
            return Tensors.to(scope, weights.open(scope, name), Device.CPU, DType.FP16).toBytes();
        }
    }
}
