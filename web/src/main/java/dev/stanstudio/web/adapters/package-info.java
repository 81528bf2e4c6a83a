/** The adapters that the studio finds, and the page that shows them. */
@NullMarked
package dev.stanstudio.web.adapters;

import org.jspecify.annotations.NullMarked;
