package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.mmdit.ControlNetConfig;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.vae.Vae;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The control networks of a request with their pictures, which are read, checked and encoded once
 * for all its pictures.
 */
record Controls(Sd3Model model, List<One> all) {
    /**
     * A network with its picture.
     *
     * @param moments of the picture's posterior [1, 2C, H, W]
     * @param kept [1, 1, H, W], 1 where a network for inpainting keeps the picture, or null
     */
    record One(
            ControlInput input, ControlNets.Opened opened, Tensor moments, @Nullable Tensor kept) {
        ControlNetConfig config() {
            return opened.network().config();
        }

        /** Returns the autoencoder's shift for this network; InstantX's has none. */
        double shift(Vae vae) {
            return config().zeroPooled() && kept == null ? 0 : vae.config().shiftFactor();
        }
    }

    /**
     * Returns control networks with the identities of their files.
     *
     * @throws UserException if a file is another than the request was made with
     */
    static List<ControlInput> identified(List<ControlInput> controls, ControlNets.Lease networks) {
        List<ControlInput> identified = new ArrayList<>();
        for (int i = 0; i < controls.size(); i++) {
            ControlInput input = controls.get(i);
            String weights = networks.get(i).fingerprint();
            same("ControlNet", input.path(), input.fingerprint(), weights);
            String picture = hash(input.picture(), "control picture", input.pictureSha256());
            String mask = input.mask();
            identified.add(
                    input.identified(
                            weights,
                            picture,
                            mask == null
                                    ? null
                                    : hash(mask, "mask of a control picture", input.maskSha256())));
        }
        return identified;
    }

    /** Returns the hash of {@code file}; refuses another one than {@code expected}. */
    static String hash(String file, String what, @Nullable String expected) {
        String found = Sha256.ofFile(Path.of(file));
        same(what, file, expected, found);
        return found;
    }

    /** Refuses an identity that differs from a known one. */
    static void same(String what, String file, @Nullable String known, String found) {
        if (known != null && !known.equals(found)) {
            throw new UserException(
                    "%s is not the %s the request was made with: its hash differs"
                            .formatted(file, what));
        }
    }

    /** Encodes the pictures of {@code request}; {@code scope} owns the tensors. */
    static Controls prepare(
            Scope scope,
            Sd3Model model,
            GenerationRequest request,
            ControlNets.Lease networks,
            CancellationCheck cancellation) {
        List<One> all = new ArrayList<>();
        for (int i = 0; i < request.controls().size(); i++) {
            all.add(one(scope, model, request, i, networks.get(i), cancellation));
        }
        return new Controls(model, List.copyOf(all));
    }

    private static One one(
            Scope scope,
            Sd3Model model,
            GenerationRequest request,
            int index,
            ControlNets.Opened opened,
            CancellationCheck cancellation) {
        ControlInput input = request.controls().get(index);
        int factor = model.vae().config().factor();
        opened.source()
                .checkSize(opened.network().config(), factor, request.width(), request.height());
        ControlPicture picture = ControlPicture.read(input, opened, request);
        Vae vae = model.vae();
        try (Scope local = Scope.open("control picture")) {
            Picture rgb = picture.rgb();
            Tensor bytes = Pictures.tensor(local, rgb.samples(), rgb.width(), rgb.height(), 3);
            Tensor values = vae.fromBytes(local, bytes);
            if (picture.asEdges()) {
                values = LatentOps.edgeValues(local, values);
            }
            Tensor moments = vae.encode(local, values, request.vaeTiling(), cancellation::check);
            Picture mask = picture.mask();
            Tensor kept =
                    mask == null
                            ? null
                            : LatentOps.kept(scope, StartLatents.mask(local, vae, mask));
            return new One(input, opened, scope.adopt(moments, local), kept);
        }
    }
}
