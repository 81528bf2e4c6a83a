package dev.stanstudio.sd3.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.sd3.pipeline.Requests;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.sd3.vae.TinyDecoder;
import dev.stanstudio.testing.Goldens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tiny decoders under both kinds of names against diffusers, and the previews they draw. */
class TinyDecoderTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "taesd3",
                "taesd3/diffusion_pytorch_model.safetensors",
                "taesd3_decoder.safetensors"
            })
    void equalsDiffusers(String file) {
        try (TinySource source = TinySource.open(Goldens.own("previews/" + file));
                TinyDecoder decoder = source.load(Device.CPU);
                Goldens.File golden =
                        new Goldens.File(Goldens.own("previews/answers.safetensors"));
                Scope scope = Scope.open("test")) {
            assertEquals(16, decoder.latentChannels());
            assertEquals(8, decoder.factor());
            Goldens.compare(
                    "tiny decoder " + file,
                    decoder.decode(scope, golden.tensor("latents")),
                    golden.tensor("picture"),
                    2e-5);
        }
    }

    private static Sd3Pipeline pipeline(@Nullable Path decoder) {
        Sd3Pipeline pipeline =
                new Sd3Pipeline(
                        Sd3Model.load(
                                ModelSource.open(Goldens.own("tiny-3.0"), null, null),
                                new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, true)));
        try {
            return pipeline.previewedBy(decoder);
        } catch (RuntimeException e) {
            pipeline.close();
            throw e;
        }
    }

    @Test
    void previewsHaveTheSizeOfThePicture() {
        for (String file : new String[] {"", "taesd3_decoder.safetensors"}) {
            boolean tiny = !file.isEmpty();
            List<Picture> previews = new ArrayList<>();
            try (Sd3Pipeline pipeline = pipeline(tiny ? Goldens.own("previews/" + file) : null)) {
                pipeline.generate(
                        Requests.small("gulls", 1, 5L),
                        new GenerationListener() {
                            @Override
                            public void onStep(Step step) {
                                previews.add(step.preview().get());
                            }
                        });
            }
            assertEquals(tiny ? 64 : 8, previews.get(0).width());
            assertEquals(tiny ? 48 : 6, previews.get(0).height());
        }
    }

    @Test
    void refusesOtherFilesInOneLine() {
        refuses("previews/taesd_decoder.safetensors", "4 channels, at 1/8 of the size; those of");
        refuses("upscalers/old.safetensors", "is no decoder of a tiny autoencoder such as TAESD3");
        refuses("previews/gone.safetensors", "there is no preview decoder at");
        refuses("tiny-3.0/vae", "is no decoder of a tiny autoencoder");
    }

    private static void refuses(String file, String words) {
        UserException refusal =
                assertThrows(
                        UserException.class,
                        () -> pipeline(Goldens.own("previews").resolveSibling(file)).close());
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains(words) && !message.contains("\n"), message);
    }
}
