package dev.stanstudio.adapter.project;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.ProgramText;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.testing.Goldens;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Equations 3 and 4 with every decoder against the reference: values, features, gradients. */
class StanGoldensTest {
    private static final double TOLERANCE = 2e-5;
    private static final String MODULE = "transformer_blocks.0.attn.to_out.0";

    static final Program PROGRAM =
            Program.load(
                    ProjectionListsBuilder.TEXT,
                    new ProgramText(ProjectionListsBuilder.class, "project-alone.ts.py"),
                    new ProgramText(StanGoldensTest.class, "product.ts.py"));

    private static Stan kind(JsonNode row) {
        Stan kind =
                Stan.of(row.get("l").asInt(), row.get("k").asInt())
                        .withSelection(Selection.of(row.get("select").asText()));
        return row.get("scale").asText().equals("1/k") ? kind : kind.unscaled();
    }

    @Test
    void everyCaseWithEveryDecoder() {
        JsonNode rows = Goldens.json("stan/cases.json");
        try (Goldens.File file = new Goldens.File("stan/cases.safetensors")) {
            for (JsonNode row : rows) {
                for (Decoder decoder : Decoder.values()) {
                    check(file, row, decoder);
                }
                throughTheStructure(file, row);
            }
        }
    }

    private static void check(Goldens.File file, JsonNode row, Decoder decoder) {
        String name = row.get("case").asText();
        ProjectionPart part =
                kind(row)
                        .part(
                                MODULE,
                                row.get("out_features").asInt(),
                                row.get("in_features").asInt());
        try (Scope scope = Scope.open("test")) {
            Tensor x = parameter(scope, file.tensor(name + ".x"));
            Tensor e = parameter(scope, file.tensor(name + ".E"));
            Tensor d = parameter(scope, file.tensor(name + ".D"));
            Tensor features =
                    PROGRAM.call(
                            scope,
                            "features",
                            x,
                            e,
                            part.topk().active(),
                            part.topk().selection().code(),
                            decoder.code());
            Goldens.compare(
                    name + " features " + decoder,
                    features,
                    file.tensor(name + ".features"),
                    TOLERANCE);
            try (Autograd recording = Autograd.record()) {
                Tensor a = PROGRAM.call(scope, "plain", x, e);
                Tensor delta =
                        PROGRAM.call(
                                scope,
                                "stan",
                                a,
                                d,
                                part.topk().active(),
                                part.scale(),
                                part.topk().selection().code(),
                                decoder.code(),
                                1);
                Tensor h =
                        PROGRAM.call(
                                scope,
                                "plus",
                                delta,
                                x,
                                parameter(scope, file.tensor(name + ".W")),
                                parameter(scope, file.tensor(name + ".b")));
                Goldens.compare(name + " h " + decoder, h, file.tensor(name + ".h"), TOLERANCE);
                gradients(scope, file, name + " " + decoder, name, h, x, e, d);
            }
        }
    }

    /** Autograd takes no tensor that was made outside of it. */
    private static Tensor parameter(Scope scope, Tensor tensor) {
        return Tensors.parameter(scope, tensor, Device.CPU, DType.FP32);
    }

    private static void gradients(
            Scope scope, Goldens.File file, String what, String name, Tensor h, Tensor... leaves) {
        Tensor loss =
                PROGRAM.call(scope, "dot", h, parameter(scope, file.tensor(name + ".upstream")));
        List<Tensor> gradients =
                Tensors.gradients(scope, loss, Tensors.list(scope, List.of(leaves)));
        String[] names = {"x", "E", "D"};
        for (int i = 0; i < names.length; i++) {
            Goldens.compare(
                    what + " ∂/∂" + names[i],
                    gradients.get(i),
                    file.tensor(name + ".grad_" + names[i]),
                    TOLERANCE);
        }
    }

    /** As a training passes it: parameters in the arranged lists. */
    private static void throughTheStructure(Goldens.File file, JsonNode row) {
        String name = row.get("case").asText();
        int out = row.get("out_features").asInt();
        ProjectionPart part = kind(row).part(MODULE, out, row.get("in_features").asInt());
        try (Scope scope = Scope.open("test")) {
            Tensor x = parameter(scope, file.tensor(name + ".x"));
            Tensor e = parameter(scope, file.tensor(name + ".E"));
            Tensor d = parameter(scope, file.tensor(name + ".D"));
            ProjectionListsBuilder changes = new ProjectionListsBuilder(1, true);
            changes.add(
                    0, 1, new OpenPart("transformer_blocks.0.attn.to_q", out, part, e, d, null));
            Adapters adapters = changes.build(scope);
            try (Autograd recording = Autograd.record()) {
                Tensor h =
                        PROGRAM.call(
                                scope,
                                "alone",
                                x,
                                parameter(scope, file.tensor(name + ".W")),
                                parameter(scope, file.tensor(name + ".b")),
                                adapters.block(0));
                Goldens.compare(name + " h in a list", h, file.tensor(name + ".h"), TOLERANCE);
                gradients(scope, file, name + " in a list", name, h, x, e, d);
            }
        }
    }

    @Test
    void aZeroDecoderChangesNothing() {
        try (Goldens.File file = new Goldens.File("stan/cases.safetensors");
                Scope scope = Scope.open("test")) {
            Tensor x = file.tensor("value.x");
            Tensor w = file.tensor("value.W");
            Tensor b = file.tensor("value.b");
            Tensor zero = Tensors.zeros(scope, new long[] {40, 16}, DType.FP32, Device.CPU);
            ProjectionListsBuilder changes = new ProjectionListsBuilder(1, false);
            ProjectionPart part = Stan.of(16, 5).part(MODULE, 40, 24);
            changes.add(
                    0,
                    1,
                    new OpenPart(
                            "transformer_blocks.0.attn.to_q",
                            40,
                            part,
                            file.tensor("value.E"),
                            zero,
                            null));
            Adapters none = new ProjectionListsBuilder(1, false).build(scope);
            Tensor with = PROGRAM.call(scope, "alone", x, w, b, changes.build(scope).block(0));
            Tensor without = PROGRAM.call(scope, "alone", x, w, b, none.block(0));
            assertArrayEquals(without.toFloats(), with.toFloats());
        }
    }
}
