/**
 * Reads lists of pictures (folders, manifests and tars) one picture at a time; writes manifests.
 */
@NullMarked
package dev.stanstudio.scoring.manifest;

import org.jspecify.annotations.NullMarked;
