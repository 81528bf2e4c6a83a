/** Tests of grids. */
@NullMarked
package dev.stanstudio.web.grid;

import org.jspecify.annotations.NullMarked;
