package dev.stanstudio.pretrain.dino;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.pretrain.Pretraining;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.ParameterSet;
import dev.stanstudio.training.StepRandom;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Trains an image tower from nothing and without labels, by DINO (Caron et al. 2021): a student
 * sees large and small views of a picture and learns the opinion that a teacher, its own running
 * average, has of another large view. Opinions are centred and sharpened, so that they neither all
 * agree nor say nothing. Belongs to one thread.
 */
public final class DinoPretraining extends Pretraining {
    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.99, 1e-8, 0.04, 0, 20);
    private static final int GLOBAL_VIEWS = 2;

    // Small parts of a picture share its style, and little of what it shows.
    private static final double GLOBAL_MOST = 0.7;
    private static final double GLOBAL_LEAST = 0.25;
    private static final double LOCAL_MOST = 0.25;
    private static final double LOCAL_LEAST = 0.08;
    private static final double STUDENT_TEMPERATURE = 0.1;
    private static final double TEACHER_TEMPERATURE = 0.04;
    private static final double CENTER_MOMENTUM = 0.9;
    private static final String CENTER = "center";

    private final DinoShape shape;
    private final DinoSettings settings;
    private final Placement placement;
    private final IntFunction<StyledPicture> source;
    private final StyleNeighbours neighbours;
    private final Tensor center;

    /**
     * Begins a training.
     *
     * @param source pictures by number, all squares of one size; asked by several threads
     * @param known pictures that vote on styles when it is measured; may be empty
     * @param heldOut pictures whose styles they say
     */
    public DinoPretraining(
            DinoShape shape,
            DinoSettings settings,
            Device device,
            IntFunction<StyledPicture> source,
            List<StyledPicture> known,
            List<StyledPicture> heldOut) {
        this(shape, settings, device, source, known, heldOut, Scope.open("dino"));
    }

    private DinoPretraining(
            DinoShape shape,
            DinoSettings settings,
            Device device,
            IntFunction<StyledPicture> source,
            List<StyledPicture> known,
            List<StyledPicture> heldOut,
            Scope scope) {
        this(
                shape,
                settings,
                device,
                source,
                new StyleNeighbours(known, heldOut, new Placement(device, settings.dtype())),
                scope,
                Tensors.zeros(scope, new long[] {shape.prototypes()}, DType.FP32, device));
    }

    private DinoPretraining(
            DinoShape shape,
            DinoSettings settings,
            Device device,
            IntFunction<StyledPicture> source,
            StyleNeighbours neighbours,
            Scope scope,
            Tensor center) {
        super(
                new Plan(
                        settings.identity(),
                        settings.steps(),
                        ADAM,
                        settings.teacherDecay(),
                        settings.shards()),
                initial(shape, settings, device),
                scope,
                Map.of(CENTER, center));
        this.shape = shape;
        this.settings = settings;
        this.source = source;
        this.neighbours = neighbours;
        this.center = center;
        placement = new Placement(device, settings.dtype());
    }

    private static ParameterSet initial(DinoShape shape, DinoSettings settings, Device device) {
        try (Scope first = Scope.open("initial weights")) {
            return ParameterSet.of(device, DinoInitialWeights.draw(first, shape, settings.seed()));
        }
    }

    /** Holds one part of a batch with its views. */
    private record Part(Tensor pixels, List<Views> global, List<Views> local, Tensor opinions) {}

    @Override
    public Map<String, Double> step() {
        long step = optimizer().steps();
        double rate = settings.rate().at(step);
        Map<String, Double> numbers = new LinkedHashMap<>();
        double[] losses = new double[settings.shards()];
        try (Scope local = Scope.open("step")) {
            SplittableRandom random = StepRandom.of(settings.seed(), step);
            List<Tensor> scores = new ArrayList<>();
            List<Part> parts = new ArrayList<>();
            try (Autograd paused = Autograd.pause();
                    DinoNetwork network = averaged()) {
                for (int i = 0; i < settings.shards(); i++) {
                    parts.add(part(local, network, random, i, scores));
                }
            }
            List<Tensor> gradients =
                    shards().gradients(
                                    local,
                                    parameters(),
                                    (own, shard) -> loss(own, parts.get(shard), losses, shard));
            numbers.put("gradient_norm", optimizer().update(gradients, rate));
            averages().follow(settings.teacherDecay());
            try (Autograd paused = Autograd.pause()) {
                Tensor all = Tensors.concat(local, scores, 1);
                DinoNetwork.program().callLong("recentre", center, all, CENTER_MOMENTUM);
                List<Tensor> opinions = parts.stream().map(Part::opinions).toList();
                Tensor said = Tensors.concat(local, opinions, 1);
                Tensor spread = DinoNetwork.program().call(local, "spread", said);
                numbers.put("spread", (double) spread.toFloats()[0]);
            }
        }
        double sum = 0;
        for (double loss : losses) {
            sum += loss / losses.length;
        }
        numbers.put("loss", sum);
        numbers.put("learning_rate", rate);
        return numbers;
    }

    /** Draws the pictures and views of a shard and asks the teacher. */
    private Part part(
            Scope local,
            DinoNetwork network,
            SplittableRandom random,
            int shard,
            List<Tensor> scores) {
        long from = shards().start(shard, settings.batch());
        int count = Math.toIntExact(shards().start(shard + 1, settings.batch()) - from);
        int[] chosen = random.ints(count, 0, settings.pictures()).toArray();
        List<Picture> pictures =
                IntStream.range(0, count)
                        .parallel()
                        .mapToObj(i -> source.apply(chosen[i]).picture())
                        .toList();
        Tensor pixels = DinoNetwork.pixels(local, pictures, placement);
        List<Views> global = new ArrayList<>();
        List<Views> small = new ArrayList<>();
        for (int v = 0; v < GLOBAL_VIEWS; v++) {
            global.add(Views.draw(local, random, count, GLOBAL_LEAST, GLOBAL_MOST));
        }
        for (int v = 0; v < settings.localViews(); v++) {
            small.add(Views.draw(local, random, count, LOCAL_LEAST, LOCAL_MOST));
        }
        Tensor said = scores(local, network, pixels, global, settings.globalSide());
        if (optimizer().steps() == 0 && shard == 0) {
            // Before training all pictures look alike; without a centre one prototype would win.
            DinoNetwork.program().callLong("recentre", center, said, 0.0);
        }
        scores.add(said);
        Tensor opinions =
                DinoNetwork.program().call(local, "opinions", said, center, TEACHER_TEMPERATURE);
        return new Part(pixels, global, small, Tensors.recordable(local, opinions));
    }

    /** Returns the scores of views of one size [V, B, K]. */
    private static Tensor scores(
            Scope scope, DinoNetwork network, Tensor pixels, List<Views> views, int side) {
        List<Tensor> each = new ArrayList<>();
        for (Views view : views) {
            Tensor features = network.features(scope, pixels, view, side);
            each.add(network.scores(scope, features));
        }
        return DinoNetwork.program().call(scope, "stack", Tensors.list(scope, each));
    }

    private Tensor loss(Scope own, Part part, double[] losses, int shard) {
        try (DinoNetwork student = new DinoNetwork(shape, parameters(), placement)) {
            Tensor scores =
                    scores(own, student, part.pixels(), part.global(), settings.globalSide());
            if (!part.local().isEmpty()) {
                Tensor small =
                        scores(own, student, part.pixels(), part.local(), settings.localSide());
                scores = Tensors.concat(own, List.of(scores, small), 0);
            }
            Tensor loss =
                    DinoNetwork.program()
                            .call(own, "loss", scores, part.opinions(), STUDENT_TEMPERATURE);
            losses[shard] = loss.toFloats()[0];
            return loss;
        }
    }

    @Override
    public Map<String, Double> validate() {
        try (DinoNetwork network = averaged()) {
            return neighbours.measure(network);
        }
    }

    @Override
    public void drawSamples(Path file) {
        if (!neighbours.isEmpty()) {
            try (DinoNetwork network = averaged()) {
                neighbours.sheet(network).writePng(file);
            }
        }
    }

    /** Returns the teacher; valid until closed, while this training lives. */
    DinoNetwork averaged() {
        return new DinoNetwork(shape, averages().weights(), placement);
    }

    /** Writes the teacher's tower as a ViTModel that transformers reads. */
    public void export(Path folder) {
        new DinoExport(shape.vision(), averages().weights()).write(folder);
    }
}
