/**
 * What a generated picture says of itself: text chunks of PNG files and the A1111 parameter text.
 */
@NullMarked
package dev.stanstudio.sd3.png;

import org.jspecify.annotations.NullMarked;
