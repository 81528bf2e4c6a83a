package dev.stanstudio.web.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.model.SizeLimits;
import dev.stanstudio.sd3.pipeline.BlockWeights;
import dev.stanstudio.sd3.pipeline.HiresPass;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.matrix.Axis;
import dev.stanstudio.web.matrix.AxisKind;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.server.FieldException;
import java.util.Objects;

/** Refuses orders that their model cannot draw, or not in any reasonable time. */
final class OrderLimits {
    /** Most steps of all pictures of a matrix: the most pictures at 50 steps each. */
    static final long MOST_STEPS = 50L * MatrixRequest.MOST_PICTURES;

    private OrderLimits() {}

    /**
     * Checks an order before anything of it is queued.
     *
     * @param blocks of the model's transformer
     * @throws FieldException that names the field and what it may hold
     */
    static void check(MatrixRequest request, SizeLimits limits, int blocks) {
        blocks(request, limits.model(), blocks);
        side("width", request.width(), limits);
        side("height", request.height(), limits);
        try {
            limits.check(request.width(), request.height());
        } catch (ArgumentException e) {
            throw new FieldException("width", String.valueOf(e.getMessage()));
        }
        EnlargementFields.check(request, limits);
        long pictures = request.count();
        long steps =
                request.cells().stream()
                        .map(cell -> cell.variation(request.sampling(), request.image()))
                        .mapToLong(varied -> steps(request, varied.sampling().steps()))
                        .sum();
        if (steps > MOST_STEPS) {
            throw new FieldException("steps", said(request, pictures, steps));
        }
    }

    /** Returns the steps of both passes. */
    private static long steps(MatrixRequest request, int first) {
        HiresPass pass = request.enlarging().hires();
        if (pass == null) {
            return first;
        }
        return first + (long) Objects.requireNonNullElse(pass.steps(), first);
    }

    private static void blocks(MatrixRequest request, String model, int blocks) {
        for (Method method : request.methods()) {
            for (WeightedAdapter use : method.adapters()) {
                blocks("method", use.blocks(), model, blocks);
            }
        }
        for (int i = 0; i < request.axes().size(); i++) {
            Axis axis = request.axes().get(i);
            if (axis.kind() == AxisKind.BLOCKS) {
                String field = "values" + (i + 1);
                axis.values()
                        .forEach(value -> blocks(field, BlockWeights.parse(value), model, blocks));
            }
        }
    }

    private static void blocks(String field, BlockWeights weights, String model, int blocks) {
        try {
            weights.check(model, blocks);
        } catch (ArgumentException e) {
            throw new FieldException(field, String.valueOf(e.getMessage()));
        }
    }

    private static String said(MatrixRequest request, long pictures, long steps) {
        boolean alike = steps == pictures * request.sampling().steps();
        return ("%d pictures%s are %d steps; at most %d go into one matrix, so take fewer steps or"
                        + " pictures")
                .formatted(
                        pictures,
                        alike ? " of %d steps".formatted(request.sampling().steps()) : "",
                        steps,
                        MOST_STEPS);
    }

    private static void side(String name, int value, SizeLimits limits) {
        if (value > limits.most()) {
            throw new FieldException(
                    name,
                    "%s makes pictures of at most %d pixels a side; the %s is %d"
                            .formatted(limits.model(), limits.most(), name, value));
        }
        if (value < limits.step() || value % limits.step() != 0) {
            int below = limits.below(value);
            int above = limits.above(value);
            throw new FieldException(
                    name,
                    "%s must be divisible by %d, not %d; use %d%s"
                            .formatted(
                                    name,
                                    limits.step(),
                                    value,
                                    below,
                                    above == below ? "" : " or " + above));
        }
    }
}
