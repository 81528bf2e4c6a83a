package dev.stanstudio.pretrain.mmdit;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.pretrain.NanoData;
import dev.stanstudio.pretrain.PictureSource;
import dev.stanstudio.pretrain.vae.Reconstruction;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.synth.SynthCollection;
import dev.stanstudio.synth.SynthItem;
import dev.stanstudio.synth.paint.ArtStyle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Latents and encoded captions that a transformer is trained and validated on. Its scope owns the
 * tensors.
 *
 * @param latents [N, C, H, W] in fp16
 * @param captions of the N items, then of the validation items
 * @param heldOut [V, C, H, W], latents of held-out plain pictures
 */
record BaseData(Tensor latents, CaptionTable captions, Tensor heldOut) {
    /** Number of held-out items. */
    static final int HELD_OUT = 128;

    private static final int T5_LENGTH = 256;

    /** Returns the number of training items. */
    int count() {
        return captions.rowOf().size() - HELD_OUT;
    }

    /**
     * Draws and encodes {@code count} items, in files under {@code cache}.
     *
     * @param identity of autoencoder and pictures
     */
    static BaseData load(
            Scope scope,
            Path cache,
            String identity,
            int count,
            Vae vae,
            PromptEncoder encoder,
            int threads,
            LongConsumer progress) {
        SynthCollection collection = new SynthCollection(NanoData.baseSpec());
        PictureSource source = index -> item(collection, Math.toIntExact(index)).picture();
        Tensor latents =
                new LatentChunks(cache, identity, vae, threads)
                        .load(scope, source, count, progress);
        List<String> captions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            captions.add(NanoData.baseCaption(collection, i));
        }
        List<SynthItem> held = new ArrayList<>();
        for (int i = 0; i < HELD_OUT; i++) {
            held.add(NanoData.heldOutItem(ArtStyle.PLAIN, i));
        }
        held.forEach(item -> captions.add(item.content()));
        Tensor heldOut =
                Reconstruction.latents(scope, vae, held.stream().map(SynthItem::picture).toList());
        PromptEncoder.Reading reading = new PromptEncoder.Reading(0, T5_LENGTH, false);
        return new BaseData(
                latents, CaptionTable.encode(scope, encoder, reading, captions), heldOut);
    }

    /** Returns a training item. */
    static SynthItem item(SynthCollection collection, int index) {
        return collection.item(NanoData.TRAINING_SEED, index);
    }
}
