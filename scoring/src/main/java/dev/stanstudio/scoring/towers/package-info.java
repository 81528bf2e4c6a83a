/** Which networks score, and where they are found. */
@NullMarked
package dev.stanstudio.scoring.towers;

import org.jspecify.annotations.NullMarked;
