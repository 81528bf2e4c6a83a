/** Tests of the texts and the choice of a language. */
@NullMarked
package dev.stanstudio.web.language;

import org.jspecify.annotations.NullMarked;
