/**
 * Style collections: pictures with styles and captions in one folder; their parts and statistics.
 */
@NullMarked
package dev.stanstudio.datasets.collection;

import org.jspecify.annotations.NullMarked;
