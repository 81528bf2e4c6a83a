/** Breaks the architecture on purpose, so that tests see the rules catch it. */
@NullMarked
package dev.stanstudio.pretrain.offender;

import org.jspecify.annotations.NullMarked;
