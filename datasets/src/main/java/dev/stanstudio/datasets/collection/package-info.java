/** Style collections: pictures with styles and captions in one folder, read and written. */
@NullMarked
package dev.stanstudio.datasets.collection;

import org.jspecify.annotations.NullMarked;
