package dev.stanstudio.web;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.scoring.vision.ClipModel;
import dev.stanstudio.scoring.vision.PositionRule;
import dev.stanstudio.scoring.vision.VisionModel;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.testing.Goldens;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** A process that opens files of weights and computes with them as its input says, line by line. */
final class FileUser {
    static final String ANSWER = "answer ";

    private AutoCloseable opened = () -> {};
    private Function<String, String> use = prompt -> "";

    private FileUser() {}

    public static void main(String[] args) throws Exception {
        FileUser user = new FileUser();
        BufferedReader orders =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            System.out.println(ANSWER + user.answer(line.split("\t", -1)));
        }
    }

    private String answer(String[] words) throws Exception {
        try {
            if (words[0].equals("use")) {
                return use.apply(words[1]);
            }
            opened.close();
            opened = () -> {};
            open(words[1], Path.of(words[2]));
            return "opened";
        } catch (UserException e) {
            return "refused " + e.getMessage();
        }
    }

    private void open(String kind, Path path) {
        Placement half = new Placement(Device.CPU, DType.FP16);
        switch (kind) {
            case "adapter" -> {
                AdapterFile file = AdapterFile.open(path);
                opened = file;
                use = prompt -> numbers(file);
            }
            case "clip" -> {
                ClipModel clip = ClipModel.open(path, half);
                opened = clip;
                use = prompt -> hash(clip.images().embed(List.of(grey()))[0]);
            }
            case "dino" -> {
                VisionModel dino = VisionModel.open(path, half, PositionRule.TARGET_SIZE);
                opened = dino;
                use = prompt -> hash(dino.embedder().embed(List.of(grey()))[0]);
            }
            default -> {
                Sd3Pipeline pipeline = pipeline(kind, path);
                opened = pipeline;
                use = prompt -> draw(pipeline, prompt);
            }
        }
    }

    private static Sd3Pipeline pipeline(String kind, Path path) {
        Offload offload = kind.equals("blocks") ? Offload.BLOCKS : Offload.NONE;
        Quantization form = kind.equals("int8") ? Quantization.INT8 : Quantization.NONE;
        Path companion = path.toString().endsWith(".gguf") ? Goldens.own("tiny-3.0") : null;
        return new Sd3Pipeline(
                Sd3Model.load(
                        ModelSource.open(path, null, companion),
                        new LoadOptions(Device.CPU, DType.FP16, offload, true, form)));
    }

    private static Picture grey() {
        byte[] samples = new byte[32 * 32 * 3];
        Arrays.fill(samples, (byte) 100);
        return Picture.of(32, 32, PixelMode.RGB, samples);
    }

    private static String draw(Sd3Pipeline pipeline, String prompt) {
        GenerationRequest request =
                GenerationRequest.builder(pipeline.model().defaults())
                        .prompt(PromptTexts.of(prompt))
                        .size(32, 32)
                        .sampling(SamplingOptions.of(1, 1))
                        .build();
        Picture picture = pipeline.generate(request, new GenerationListener() {}).get(0).picture();
        Sha256 hash = new Sha256();
        hash.add(new String(picture.samples(), StandardCharsets.ISO_8859_1));
        return hash.hex() + " by " + pipeline.model().fingerprint();
    }

    private static String numbers(AdapterFile file) {
        String module = file.modules().keySet().iterator().next();
        try (Scope scope = Scope.open("numbers")) {
            return hash(file.open(scope, module, file.part(module).encoder()).toFloats());
        }
    }

    private static String hash(float[] numbers) {
        Sha256 hash = new Sha256();
        hash.add(Arrays.toString(numbers));
        return hash.hex();
    }
}
