/** Intervals and tests of the numbers that scoring gives. */
@NullMarked
package dev.stanstudio.scoring.stats;

import org.jspecify.annotations.NullMarked;
