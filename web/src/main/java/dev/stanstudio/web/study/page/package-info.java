/** The studies' room in the studio: make, watch, lock, read. */
@NullMarked
package dev.stanstudio.web.study.page;

import org.jspecify.annotations.NullMarked;
