/** Matrices of pictures: what was asked for, what became of it, and its files. */
@NullMarked
package dev.stanstudio.web.picture;

import org.jspecify.annotations.NullMarked;
