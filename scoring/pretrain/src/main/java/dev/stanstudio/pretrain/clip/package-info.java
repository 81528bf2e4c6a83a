/** Training of the built-in CLIP. */
@NullMarked
package dev.stanstudio.pretrain.clip;

import org.jspecify.annotations.NullMarked;
