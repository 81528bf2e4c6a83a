/** CSD: CLIP's image tower with a head that sees style. */
@NullMarked
package dev.stanstudio.scoring.csd;

import org.jspecify.annotations.NullMarked;
