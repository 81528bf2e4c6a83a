/** Whether a trained STAN meets the conditions under which its features can be interpreted. */
@NullMarked
package dev.stanstudio.adapter.check;

import org.jspecify.annotations.NullMarked;
