package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.Tensor;

/** Draws small pictures of latents while they become a picture. Thread-safe. */
sealed interface Preview extends AutoCloseable permits PreviewFit, TinyPreview {
    /** Returns a small picture of latents [1, C, H, W]. */
    Picture draw(Tensor latents);

    @Override
    void close();
}
