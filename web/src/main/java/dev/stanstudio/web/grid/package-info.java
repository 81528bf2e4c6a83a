/** Grids read from YAML: the pictures that methods are compared on. */
@NullMarked
package dev.stanstudio.web.grid;

import org.jspecify.annotations.NullMarked;
