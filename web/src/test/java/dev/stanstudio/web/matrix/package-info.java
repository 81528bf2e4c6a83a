/** Tests of matrices. */
@NullMarked
package dev.stanstudio.web.matrix;

import org.jspecify.annotations.NullMarked;
