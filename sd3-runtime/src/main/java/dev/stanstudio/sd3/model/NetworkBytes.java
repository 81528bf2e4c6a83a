package dev.stanstudio.sd3.model;

import dev.stanstudio.engine.DType;
import dev.stanstudio.sd3.checkpoint.QuantisedWeights;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Counts the bytes of one network's weights, whole and by layer.
 *
 * @param weights its names, shapes and stored types; no tensor is opened
 */
record NetworkBytes(Weights weights) {
    private static final Pattern LAYER =
            Pattern.compile(
                    "((?:transformer_blocks|encoder\\.block|text_model\\.encoder\\.layers)\\.\\d+)"
                            + "\\..+");

    private long numbers(String name) {
        return LongStream.of(weights.shape(name)).reduce(1, (a, b) -> a * b);
    }

    private long sum(ToLongFunction<String> bytes) {
        return weights.names().stream().mapToLong(bytes).sum();
    }

    /** Returns the bytes as they are stored. */
    long stored() {
        return sum(name -> numbers(name) * weights.dtype(name).bytes());
    }

    /** Returns the bytes of all weights in {@code dtype}. */
    long whole(DType dtype) {
        return sum(name -> numbers(name) * dtype.bytes());
    }

    /** Returns the bytes of what lies outside of layers. */
    private long outside(DType dtype) {
        return sum(name -> LAYER.matcher(name).matches() ? 0 : numbers(name) * dtype.bytes());
    }

    /** Returns the bytes of the largest layer. */
    long layer(DType dtype) {
        return weights.names().stream()
                .map(LAYER::matcher)
                .filter(Matcher::matches)
                .collect(
                        Collectors.groupingBy(
                                found -> found.group(1),
                                Collectors.summingLong(
                                        found -> numbers(found.group()) * dtype.bytes())))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    /** Returns the sum of inputs and outputs of all matrices in layers. */
    long layerWidths() {
        return weights.names().stream()
                .filter(name -> LAYER.matcher(name).matches())
                .map(weights::shape)
                .filter(shape -> shape.length == 2)
                .mapToLong(shape -> shape[0] + shape[1])
                .sum();
    }

    /** Returns the bytes of what is kept where layers are read from the files at each use. */
    long read(DType dtype) {
        return outside(dtype);
    }

    /** Returns the bytes of what is kept where matrices of layers stay in {@code form}. */
    long small(Quantization form, DType dtype) {
        if (QuantisedWeights.areStoredIn(weights)) {
            return outside(dtype) + stored();
        }
        return outside(dtype) + sum(name -> held(name, form, dtype));
    }

    private long held(String name, Quantization form, DType dtype) {
        if (!QuantisedWeights.takes(weights, name)) {
            return 0;
        }
        long[] shape = weights.shape(name);
        return form.bytes(shape[0], shape[1], dtype);
    }
}
