package dev.stanstudio.pretrain.dino;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorSource;
import dev.stanstudio.scoring.vision.ImagePreprocessing;
import dev.stanstudio.scoring.vision.VisionConfig;
import dev.stanstudio.scoring.vision.VisionTower;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Writes a tower in half precision, with the files that transformers keeps beside it. */
record DinoExport(VisionConfig config, Weights weights) {
    private static final int BICUBIC = 3;

    void write(Path folder) {
        try {
            Files.createDirectories(folder);
            write(folder.resolve("config.json"), model());
            write(folder.resolve(ImagePreprocessing.FILE), preprocessing());
        } catch (IOException e) {
            throw new UserException(
                    folder + ": the model cannot be written: " + AtomicFile.reason(e), e);
        }
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        for (String name : VisionTower.shapes(config).keySet()) {
            TensorSource bytes =
                    channel -> TensorSource.of(ByteBuffer.wrap(half(name))).writeTo(channel);
            List<Long> shape = Arrays.stream(weights.shape(name)).boxed().toList();
            tensors.add(new SafetensorsWriter.Tensor(name, StoredType.F16, shape, bytes));
        }
        SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of(), tensors);
    }

    private static void write(Path file, ObjectNode json) throws IOException {
        Files.write(file, Json.PLAIN.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }

    private byte[] half(String name) {
        try (Scope scope = Scope.open(name)) {
            return Tensors.to(scope, weights.open(scope, name), Device.CPU, DType.FP16).toBytes();
        }
    }

    private ObjectNode model() {
        ObjectNode json = Json.PLAIN.createObjectNode();
        json.putArray("architectures").add("ViTModel");
        return json.put("attention_probs_dropout_prob", 0.0)
                .put("dtype", "float16")
                .put("hidden_act", "gelu")
                .put("hidden_dropout_prob", 0.0)
                .put("hidden_size", config.width())
                .put("image_size", config.imageSize())
                .put("initializer_range", 0.02)
                .put("intermediate_size", config.mlpWidth())
                .put("layer_norm_eps", config.eps())
                .put("model_type", config.family().modelType())
                .put("num_attention_heads", config.heads())
                .put("num_channels", 3)
                .put("num_hidden_layers", config.layers())
                .put("patch_size", config.patchSize())
                .put("qkv_bias", config.qkvBias());
    }

    /** Shorter side to the tower's, then the middle, as DINO's authors evaluate. */
    private ObjectNode preprocessing() {
        ObjectNode json = Json.PLAIN.createObjectNode();
        json.putObject("crop_size")
                .put("height", config.imageSize())
                .put("width", config.imageSize());
        json.put("do_center_crop", true)
                .put("do_convert_rgb", true)
                .put("do_normalize", true)
                .put("do_rescale", true)
                .put("do_resize", true);
        var mean = json.putArray("image_mean");
        ImagePreprocessing.IMAGENET_MEAN.forEach(mean::add);
        json.put("image_processor_type", "BitImageProcessor");
        var std = json.putArray("image_std");
        ImagePreprocessing.IMAGENET_STD.forEach(std::add);
        json.put("resample", BICUBIC).put("rescale_factor", ImagePreprocessing.PER_BYTE);
        json.putObject("size").put("shortest_edge", config.imageSize());
        return json;
    }
}
