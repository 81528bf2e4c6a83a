/** Matrices of pictures: their settings, state and files, and the gallery that shows them. */
@NullMarked
package dev.stanstudio.web.picture;

import org.jspecify.annotations.NullMarked;
