/** Languages of the pages: texts from bundles, and the language that a visitor reads. */
@NullMarked
package dev.stanstudio.web.language;

import org.jspecify.annotations.NullMarked;
