/** What is scored: folders, manifests and tars, one picture at a time. */
@NullMarked
package dev.stanstudio.scoring.manifest;

import org.jspecify.annotations.NullMarked;
