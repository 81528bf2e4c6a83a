/** Training of the built-in DINO. */
@NullMarked
package dev.stanstudio.pretrain.dino;

import org.jspecify.annotations.NullMarked;
