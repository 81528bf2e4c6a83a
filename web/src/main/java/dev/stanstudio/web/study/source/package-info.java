/** Reading of a study's pictures, and their conversion to files that reveal no method. */
@NullMarked
package dev.stanstudio.web.study.source;

import org.jspecify.annotations.NullMarked;
