/** Training of the built-in transformer. */
@NullMarked
package dev.stanstudio.pretrain.mmdit;

import org.jspecify.annotations.NullMarked;
