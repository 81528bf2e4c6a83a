/** The command that scores. */
@NullMarked
package dev.stanstudio.scoring.cli;

import org.jspecify.annotations.NullMarked;
