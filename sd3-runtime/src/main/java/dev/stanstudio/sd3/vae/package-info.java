/** The autoencoder between pictures and latents. */
@NullMarked
package dev.stanstudio.sd3.vae;

import org.jspecify.annotations.NullMarked;
