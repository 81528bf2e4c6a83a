/** The pages that show, compare, sort out and give away finished pictures. */
@NullMarked
package dev.stanstudio.web.gallery;

import org.jspecify.annotations.NullMarked;
