/** The command that trains DINO from nothing. */
@NullMarked
package dev.stanstudio.scoring.dino.cli;

import org.jspecify.annotations.NullMarked;
