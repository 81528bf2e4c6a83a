/** The explorer of a STAN's features: a scatter of all, a page for each. */
@NullMarked
package dev.stanstudio.web.features;

import org.jspecify.annotations.NullMarked;
