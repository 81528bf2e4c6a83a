/** Scores of feature vectors, in double precision. */
@NullMarked
package dev.stanstudio.scoring.metric;

import org.jspecify.annotations.NullMarked;
