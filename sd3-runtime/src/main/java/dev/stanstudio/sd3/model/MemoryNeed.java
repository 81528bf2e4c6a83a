package dev.stanstudio.sd3.model;

import dev.stanstudio.engine.DType;
import dev.stanstudio.sd3.checkpoint.QuantisedWeights;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Estimates the memory of a model for each type, offload choice and form of the weights: the
 * weights that are in memory at the same time and the largest working tensors of a picture of the
 * default size.
 */
public final class MemoryNeed {
    private static final int GUIDED_BATCH = 2;
    private static final int TEXT_TOKENS = 333;

    /** Widths d that live at once per token in a block: inputs, qkv, the MLP's 4d and copies. */
    private static final int WIDTHS_PER_TOKEN = 16;

    /** Full-size feature maps that live at once in the decoder's last block. */
    private static final int DECODER_MAPS = 3;

    private final ModelSource source;
    private final Map<String, Weights> networks = new LinkedHashMap<>();

    private MemoryNeed(ModelSource source) {
        this.source = source;
        networks.put("transformer", source.transformer());
        networks.put("vae", source.vae());
        networks.put("text_encoder", source.clip(1).weights());
        networks.put("text_encoder_2", source.clip(2).weights());
        source.t5().ifPresent(t5 -> networks.put("text_encoder_3", t5.weights()));
    }

    /** Reads the headers of {@code source}. */
    public static MemoryNeed of(ModelSource source) {
        return new MemoryNeed(source);
    }

    /** Bytes of each network as stored. */
    public Map<String, Long> stored() {
        Map<String, Long> bytes = new LinkedHashMap<>();
        networks.forEach((name, weights) -> bytes.put(name, bytes(weights, "", null)));
        return bytes;
    }

    /** Bytes needed, by lines such as {@code bf16 --offload encoders}. */
    public Map<String, Long> table() {
        Map<String, Long> table = new LinkedHashMap<>();
        for (DType dtype : new DType[] {DType.FP32, DType.BF16}) {
            for (Offload offload : Offload.values()) {
                String row = "--dtype " + dtype.label() + " --offload " + offload.label();
                table.put(row, need(dtype, offload));
                if (offload != Offload.BLOCKS) {
                    table.put(row + " --quantize int8 or fp8", needQuantised(dtype, offload));
                }
            }
        }
        return table;
    }

    private long needQuantised(DType dtype, Offload offload) {
        long transformer = small("transformer", "transformer_blocks.0.", dtype);
        long vae = total("vae", dtype) + decoding(dtype);
        long encoders =
                total("text_encoder", dtype)
                        + total("text_encoder_2", dtype)
                        + small("text_encoder_3", "encoder.block.1.", dtype);
        return offload == Offload.NONE
                ? encoders + vae + transformer + denoising(dtype)
                : vae + Math.max(encoders, transformer + denoising(dtype));
    }

    /**
     * The network with its matrices in eight bits, the layer that runs and the one made ahead; as
     * stored where that is eight bits already.
     */
    private long small(String network, String layer, DType dtype) {
        Weights weights = networks.get(network);
        if (weights == null) {
            return 0;
        }
        long kept =
                weights.names().stream()
                        .filter(name -> QuantisedWeights.takes(weights, name))
                        .mapToLong(name -> matrix(weights.shape(name), Quantization.INT8, dtype))
                        .sum();
        long wide =
                weights.names().stream()
                        .filter(name -> QuantisedWeights.takes(weights, name))
                        .mapToLong(name -> matrix(weights.shape(name), Quantization.NONE, dtype))
                        .sum();
        return bytes(weights, "", dtype) - wide + kept + 2 * bytes(weights, layer, dtype);
    }

    private static long matrix(long[] shape, Quantization form, DType dtype) {
        return form.bytes(shape[0], shape[1], dtype);
    }

    private long need(DType dtype, Offload offload) {
        long transformer = total("transformer", dtype);
        long vae = total("vae", dtype) + decoding(dtype);
        long encoders =
                networks.keySet().stream()
                        .filter(name -> name.startsWith("text_encoder"))
                        .mapToLong(name -> total(name, dtype))
                        .sum();
        return switch (offload) {
            case NONE -> encoders + vae + transformer + denoising(dtype);
            case ENCODERS -> vae + Math.max(encoders, transformer + denoising(dtype));
            case BLOCKS -> vae + Math.max(encoderLayer(dtype), streamed(dtype) + denoising(dtype));
        };
    }

    private long total(String network, DType dtype) {
        Weights weights = networks.get(network);
        return weights == null ? 0 : bytes(weights, "", dtype);
    }

    private static long bytes(
            Weights weights, String prefix, @org.jspecify.annotations.Nullable DType dtype) {
        return weights.names().stream()
                .filter(name -> name.startsWith(prefix))
                .mapToLong(
                        name ->
                                LongStream.of(weights.shape(name)).reduce(1, (a, b) -> a * b)
                                        * (dtype == null ? weights.dtype(name) : dtype).bytes())
                .sum();
    }

    /** The parts outside the blocks, the running block and the one read ahead. */
    private long streamed(DType dtype) {
        Weights weights = source.transformer();
        long blocks = bytes(weights, "transformer_blocks.", dtype);
        long first = bytes(weights, "transformer_blocks.0.", dtype);
        return bytes(weights, "", dtype) - blocks + 2 * first;
    }

    private long encoderLayer(DType dtype) {
        Weights t5 = networks.get("text_encoder_3");
        return t5 == null ? 0 : 2 * bytes(t5, "encoder.block.1.", dtype);
    }

    private long denoising(DType dtype) {
        MmditConfig config = source.transformerConfig();
        ModelDefaults size = source.defaults();
        int cell = source.vaeConfig().factor() * config.patchSize();
        long tokens = (long) (size.width() / cell) * (size.height() / cell) + TEXT_TOKENS;
        return GUIDED_BATCH * tokens * config.width() * WIDTHS_PER_TOKEN * dtype.bytes();
    }

    private long decoding(DType dtype) {
        ModelDefaults size = source.defaults();
        int channels = source.vaeConfig().blockOutChannels().get(0) * 2;
        return (long) size.width() * size.height() * channels * DECODER_MAPS * dtype.bytes();
    }
}
