/** What every command of the program shares: how it is found and what its exit code means. */
@NullMarked
package dev.stanstudio.datasets.cli;

import org.jspecify.annotations.NullMarked;
