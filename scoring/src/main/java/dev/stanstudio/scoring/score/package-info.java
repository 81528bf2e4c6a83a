/** From listed pictures to rows, means with intervals and what is wrong with them. */
@NullMarked
package dev.stanstudio.scoring.score;

import org.jspecify.annotations.NullMarked;
