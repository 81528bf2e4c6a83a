/** The command that trains CLIP from nothing. */
@NullMarked
package dev.stanstudio.scoring.pretrain.cli;

import org.jspecify.annotations.NullMarked;
