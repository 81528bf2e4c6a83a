/** The commands that train the built-in models from nothing. */
@NullMarked
package dev.stanstudio.sd3.pretrain.cli;

import org.jspecify.annotations.NullMarked;
