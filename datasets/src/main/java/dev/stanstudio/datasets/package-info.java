/** Style collections; also the errors and command-line plumbing that all modules share. */
@NullMarked
package dev.stanstudio.datasets;

import org.jspecify.annotations.NullMarked;
