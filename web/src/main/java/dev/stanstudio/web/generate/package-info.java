/** Page and JSON interface that ask for pictures and show them while they are drawn. */
@NullMarked
package dev.stanstudio.web.generate;

import org.jspecify.annotations.NullMarked;
