/** Tells pictures that look alike, such as another scan or another size of the same painting. */
@NullMarked
package dev.stanstudio.datasets.similar;

import org.jspecify.annotations.NullMarked;
