/** Studies, raters and votes in the database. */
@NullMarked
package dev.stanstudio.web.study.store;

import org.jspecify.annotations.NullMarked;
