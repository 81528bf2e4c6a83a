/** Training of the built-in autoencoder. */
@NullMarked
package dev.stanstudio.pretrain.vae;

import org.jspecify.annotations.NullMarked;
