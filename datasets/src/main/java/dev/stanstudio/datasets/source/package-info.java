/** Names and texts of foreign data sets: pictures, samples, encodings, lines. */
@NullMarked
package dev.stanstudio.datasets.source;

import org.jspecify.annotations.NullMarked;
