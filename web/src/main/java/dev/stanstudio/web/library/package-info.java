/** Models and adapters that the studio finds and keeps loaded. */
@NullMarked
package dev.stanstudio.web.library;

import org.jspecify.annotations.NullMarked;
