package dev.stanstudio.adapter.file;

import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One random LoRA, written under {@code folder} the way each of the three programs writes it. */
final class ThreeFormats {
    static final int RANK = 2;
    static final double ALPHA = 3;
    static final int WIDTH = 8;

    /** Modules that one kohya module stands for; they share its A. */
    private record Group(String kohya, boolean swapped, int in, List<String> modules, int out) {}

    private static final List<Group> GROUPS =
            List.of(
                    qkv(
                            "joint_blocks_0_x_block_attn_qkv",
                            0,
                            "attn.to_q",
                            "attn.to_k",
                            "attn.to_v"),
                    qkv(
                            "joint_blocks_0_x_block_attn2_qkv",
                            0,
                            "attn2.to_q",
                            "attn2.to_k",
                            "attn2.to_v"),
                    qkv(
                            "joint_blocks_1_context_block_attn_qkv",
                            1,
                            "attn.add_q_proj",
                            "attn.add_k_proj",
                            "attn.add_v_proj"),
                    one("joint_blocks_0_x_block_attn_proj", "0.attn.to_out.0", WIDTH, WIDTH),
                    one("joint_blocks_0_x_block_attn2_proj", "0.attn2.to_out.0", WIDTH, WIDTH),
                    one(
                            "joint_blocks_0_context_block_attn_proj",
                            "0.attn.to_add_out",
                            WIDTH,
                            WIDTH),
                    one("joint_blocks_1_x_block_mlp_fc1", "1.ff.net.0.proj", WIDTH, 4 * WIDTH),
                    one("joint_blocks_1_x_block_mlp_fc2", "1.ff.net.2", 4 * WIDTH, WIDTH),
                    one(
                            "joint_blocks_0_context_block_mlp_fc1",
                            "0.ff_context.net.0.proj",
                            WIDTH,
                            4 * WIDTH),
                    one("joint_blocks_0_x_block_adaLN_modulation_1", "0.norm1.linear", WIDTH, 72),
                    one(
                            "joint_blocks_0_context_block_adaLN_modulation_1",
                            "0.norm1_context.linear",
                            WIDTH,
                            6 * WIDTH),
                    new Group(
                            "joint_blocks_1_context_block_adaLN_modulation_1",
                            true,
                            WIDTH,
                            List.of("transformer_blocks.1.norm1_context.linear"),
                            2 * WIDTH),
                    new Group(
                            "final_layer_adaLN_modulation_1",
                            true,
                            WIDTH,
                            List.of("norm_out.linear"),
                            2 * WIDTH),
                    outer("final_layer_linear", "proj_out", WIDTH, 64),
                    outer("context_embedder", "context_embedder", 12, WIDTH),
                    outer(
                            "t_embedder_mlp_0",
                            "time_text_embed.timestep_embedder.linear_1",
                            256,
                            WIDTH),
                    outer(
                            "y_embedder_mlp_2",
                            "time_text_embed.text_embedder.linear_2",
                            WIDTH,
                            WIDTH));

    private final Path folder;

    ThreeFormats(Path folder) {
        this.folder = folder;
    }

    private static Group qkv(String kohya, int block, String... modules) {
        List<String> paths =
                List.of(modules).stream()
                        .map(m -> "transformer_blocks." + block + "." + m)
                        .toList();
        return new Group(kohya, false, WIDTH, paths, WIDTH);
    }

    private static Group one(String kohya, String module, int in, int out) {
        return outer(kohya, "transformer_blocks." + module, in, out);
    }

    private static Group outer(String kohya, String module, int in, int out) {
        return new Group(kohya, false, in, List.of(module), out);
    }

    private static float[] down(Group group) {
        return Samples.numbers(group.kohya().hashCode(), RANK, group.in());
    }

    static float[] up(String module, int out) {
        return Samples.numbers(module.hashCode(), out, RANK);
    }

    private static List<SafetensorsWriter.Tensor> dotted(String prefix) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        for (Group group : GROUPS) {
            for (String module : group.modules()) {
                tensors.add(
                        Samples.tensor(
                                prefix + module + ".lora_A.weight",
                                StoredType.F32,
                                down(group),
                                RANK,
                                group.in()));
                tensors.add(
                        Samples.tensor(
                                prefix + module + ".lora_B.weight",
                                StoredType.F32,
                                up(module, group.out()),
                                group.out(),
                                RANK));
            }
        }
        return tensors;
    }

    LoraFile peft() {
        Path path = folder.resolve("peft");
        Samples.write(
                path.resolve("adapter_model.safetensors"), Map.of(), dotted("base_model.model."));
        Samples.json(
                path.resolve("adapter_config.json"),
                Map.of(
                        "peft_type",
                        "LORA",
                        "r",
                        RANK,
                        "lora_alpha",
                        ALPHA,
                        "base_model_name_or_path",
                        "tiny",
                        "loftq_config",
                        Map.of(),
                        "a_field_of_next_year",
                        List.of(1, 2)));
        return LoraFile.open(path);
    }

    LoraFile diffusers() {
        return LoraFile.open(
                Samples.write(
                        folder.resolve("diffusers/pytorch_lora_weights.safetensors"),
                        Map.of(
                                "lora_adapter_metadata",
                                "{\"transformer.r\": 2, \"transformer.lora_alpha\": 3,"
                                        + " \"text_encoder.lora_alpha\": 99}"),
                        dotted("transformer.")));
    }

    LoraFile kohya(float alpha, StoredType alphaType) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        for (Group group : GROUPS) {
            String stem = "lora_unet_" + group.kohya();
            int rows = group.out() * group.modules().size();
            float[] fused = new float[rows * RANK];
            for (int i = 0; i < group.modules().size(); i++) {
                float[] part = up(group.modules().get(i), group.out());
                System.arraycopy(part, 0, fused, i * part.length, part.length);
            }
            tensors.add(
                    Samples.tensor(
                            stem + ".lora_down.weight",
                            StoredType.F32,
                            down(group),
                            RANK,
                            group.in()));
            tensors.add(
                    Samples.tensor(
                            stem + ".lora_up.weight",
                            StoredType.F32,
                            group.swapped() ? halvesSwapped(fused) : fused,
                            rows,
                            RANK));
            tensors.add(Samples.tensor(stem + ".alpha", alphaType, new float[] {alpha}));
        }
        return LoraFile.open(
                Samples.write(
                        folder.resolve("kohya.safetensors"),
                        Map.of("ss_sd_model_name", "tiny"),
                        tensors));
    }

    private static float[] halvesSwapped(float[] rows) {
        float[] swapped = new float[rows.length];
        int half = rows.length / 2;
        System.arraycopy(rows, half, swapped, 0, half);
        System.arraycopy(rows, 0, swapped, half, half);
        return swapped;
    }
}
