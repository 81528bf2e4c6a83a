/** Matrices of pictures: prompts in styles, by methods, from seeds. */
@NullMarked
package dev.stanstudio.web.matrix;

import org.jspecify.annotations.NullMarked;
