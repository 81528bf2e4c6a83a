/** The pages of a study's author: make, watch, lock, read. */
@NullMarked
package dev.stanstudio.web.study.page;

import org.jspecify.annotations.NullMarked;
