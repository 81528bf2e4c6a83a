/** The arrows between modules and packages, held by tests that see the whole program. */
@NullMarked
package dev.stanstudio.web.architecture;

import org.jspecify.annotations.NullMarked;
