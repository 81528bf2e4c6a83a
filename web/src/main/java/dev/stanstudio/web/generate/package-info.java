/** The page that asks for pictures and shows them while they are drawn. */
@NullMarked
package dev.stanstudio.web.generate;

import org.jspecify.annotations.NullMarked;
