/** Scorings in the browser: begun, watched, read. */
@NullMarked
package dev.stanstudio.web.scores;

import org.jspecify.annotations.NullMarked;
