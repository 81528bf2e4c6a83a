package dev.stanstudio.sd3.model;

import dev.stanstudio.base.Closing;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Torch;
import dev.stanstudio.sd3.checkpoint.QuantisedWeights;
import dev.stanstudio.sd3.checkpoint.ResidentWeights;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.ControlNet;
import dev.stanstudio.sd3.mmdit.ControlNetConfig;
import dev.stanstudio.sd3.mmdit.IpAdapter;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.SiglipTower;
import dev.stanstudio.sd3.schedule.ScheduleConfig;
import dev.stanstudio.sd3.text.ClipTextEncoder;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.sd3.text.T5Encoder;
import dev.stanstudio.sd3.vae.Vae;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A loaded Stable Diffusion 3 model: networks, tokenizers and schedule. Every key and shape is
 * checked here; weights are read when a network first runs. Immutable to its users and thread-safe:
 * any number of generations share it.
 */
public final class Sd3Model implements AutoCloseable {
    private final ModelSource source;
    private final LoadOptions options;
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final Mmdit transformer;
    private final Vae vae;
    private final PromptEncoder prompts;
    private final ScheduleConfig schedule;
    private final ModelDefaults defaults;
    private final String fingerprint;
    private final String settings;
    private final List<String> extended;

    private Sd3Model(ModelSource source, LoadOptions options) {
        this.source = source;
        this.options = options;
        own(source);
        try {
            Torch.require(options.device());
            ModelSource.ClipPart l = source.clip(1);
            ModelSource.ClipPart g = source.clip(2);
            Optional<ModelSource.T5Part> t5 = options.useT5() ? source.t5() : Optional.empty();
            TokenizerLoads tokenizers = own(tokenizers(l, g, t5));
            schedule = source.schedule();
            defaults = source.defaults();
            Weights blocks = source.transformer();
            QuantisedWeights.requireWide(source.name(), blocks, options.quantization());
            transformer =
                    own(
                            Mmdit.load(
                                    source.transformerConfig(),
                                    hold(blocks),
                                    options.placement(),
                                    streams(blocks)));
            vae = own(Vae.load(source.vaeConfig(), source.vae(), options.placement()));
            prompts = own(encoders(l, g, t5, tokenizers));
            fingerprint = source.fingerprint();
            settings = source.settings();
            extended = List.copyOf(source.extended());
        } catch (RuntimeException | Error e) {
            Closing.after(e, this);
            throw e;
        }
    }

    /**
     * Checks and opens all parts of {@code source}, which this model then owns.
     *
     * @throws UserException that names what does not fit
     */
    public static Sd3Model load(ModelSource source, LoadOptions options) {
        return new Sd3Model(source, options);
    }

    private <T extends AutoCloseable> T own(T resource) {
        owned.push(resource);
        return resource;
    }

    /** Returns true if layers are made for each use: on request, or since they stay 8-bit. */
    private boolean streams(Weights weights) {
        return options.offload() == Offload.BLOCKS
                || options.quantization().small()
                || QuantisedWeights.areStoredIn(weights);
    }

    /**
     * 8-bit weights are kept on a card as they are, others in 8 bits on request; everything else is
     * read from the files.
     */
    private Weights hold(Weights weights) {
        if (options.quantization().small() && !QuantisedWeights.areStoredIn(weights)) {
            return own(new QuantisedWeights(weights, options.quantization(), options.device()));
        }
        boolean resident =
                options.device().isCuda()
                        && options.offload() != Offload.BLOCKS
                        && QuantisedWeights.areStoredIn(weights);
        return resident ? own(new ResidentWeights(weights, options.device())) : weights;
    }

    /**
     * Opens a control network for this model's device, type and offload; the caller closes it
     * before {@code source}.
     *
     * @throws UserException if it does not fit the transformer
     */
    public ControlNet control(ControlSource control) {
        ControlNetConfig config = control.fitting(name(), transformer.config());
        Weights weights = control.weights();
        return ControlNet.load(config, weights, options.placement(), streams(weights));
    }

    /**
     * Opens an IP-Adapter for this model's device, type and offload; the caller closes it before
     * {@code source}.
     *
     * @throws UserException if it does not fit the transformer
     */
    public IpAdapter ipAdapter(IpAdapterSource adapter) {
        adapter.checkFit(name(), transformer.config());
        Weights weights = adapter.weights();
        return IpAdapter.load(transformer.config(), weights, options.placement(), streams(weights));
    }

    /** Opens the image encoder of an IP-Adapter; the caller closes it before {@code source}. */
    public SiglipTower tower(IpAdapterSource adapter) {
        Weights weights = adapter.tower();
        return SiglipTower.load(
                adapter.towerConfig(), weights, options.placement(), streams(weights));
    }

    private TokenizerLoads tokenizers(
            ModelSource.ClipPart l, ModelSource.ClipPart g, Optional<ModelSource.T5Part> t5) {
        List<Path> folders = new ArrayList<>(List.of(l.tokenizer(), g.tokenizer()));
        t5.ifPresent(part -> folders.add(part.tokenizer()));
        return new TokenizerLoads(folders);
    }

    private PromptEncoder encoders(
            ModelSource.ClipPart l,
            ModelSource.ClipPart g,
            Optional<ModelSource.T5Part> t5,
            TokenizerLoads tokenizers) {
        return new PromptEncoder(
                clip("CLIP-L", "text_encoder", l, tokenizers),
                clip("CLIP-G", "text_encoder_2", g, tokenizers),
                t5.map(part -> t5(part, tokenizers)),
                options.placement(),
                transformer.config().jointAttentionDim());
    }

    private PromptEncoder.Clip clip(
            String name, String component, ModelSource.ClipPart part, TokenizerLoads tokenizers) {
        ClipTextEncoder encoder =
                own(
                        ClipTextEncoder.load(
                                component,
                                part.config(),
                                part.weights(),
                                options.placement(),
                                streams(part.weights())));
        int words = part.config().vocabSize();
        return new PromptEncoder.Clip(name, encoder, tokenizers.get(part.tokenizer(), words));
    }

    private PromptEncoder.T5 t5(ModelSource.T5Part part, TokenizerLoads tokenizers) {
        T5Encoder encoder =
                own(
                        T5Encoder.load(
                                part.config(),
                                hold(part.weights()),
                                options.placement(),
                                streams(part.weights())));
        int words = part.config().vocabSize();
        return new PromptEncoder.T5(encoder, tokenizers.get(part.tokenizer(), words));
    }

    /** Returns a short name for messages. */
    public String name() {
        return source.name();
    }

    /** Returns the files of the model. */
    public ModelSource source() {
        return source;
    }

    /** Returns the options with which the model was loaded. */
    public LoadOptions options() {
        return options;
    }

    /** Returns the transformer. */
    public Mmdit transformer() {
        return transformer;
    }

    /** Returns the autoencoder. */
    public Vae vae() {
        return vae;
    }

    /** Returns the text encoders. */
    public PromptEncoder prompts() {
        return prompts;
    }

    /** Returns the noise schedule. */
    public ScheduleConfig schedule() {
        return schedule;
    }

    /** Returns the settings that apply where a request names none. */
    public ModelDefaults defaults() {
        return defaults;
    }

    /** Returns the identity of the configurations ({@link ModelSource#settings()}). */
    public String settings() {
        return settings;
    }

    /**
     * Returns true if {@code identity} is this model's ({@link ModelSource#identity()}), or that of
     * its weights alone, as versions before there were settings kept it.
     */
    public boolean isOf(String identity) {
        return identity.equals(fingerprint) || identity.equals(fingerprint + "-" + settings);
    }

    /** Returns the identity of the weights ({@link ModelSource#fingerprint()}). */
    public String fingerprint() {
        return fingerprint;
    }

    /** Returns the identities of models that this one extends ({@link ModelSource#extended()}). */
    public List<String> extended() {
        return extended;
    }

    @Override
    public void close() {
        List<AutoCloseable> newestFirst = List.copyOf(owned);
        owned.clear();
        Closing.all(newestFirst);
    }
}
