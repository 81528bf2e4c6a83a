/** Names and texts of foreign data sets: pictures, samples, encodings, lines. */
@NullMarked
package dev.stanstudio.base.source;

import org.jspecify.annotations.NullMarked;
