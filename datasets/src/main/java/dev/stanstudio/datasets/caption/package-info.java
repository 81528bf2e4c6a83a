/** What a picture is called in training: titles from file names, templates, dropout. */
@NullMarked
package dev.stanstudio.datasets.caption;

import org.jspecify.annotations.NullMarked;
