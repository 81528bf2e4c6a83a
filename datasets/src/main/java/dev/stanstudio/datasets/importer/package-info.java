/** Brings picture collections of many layouts into one: folders, archives and their label files. */
@NullMarked
package dev.stanstudio.datasets.importer;

import org.jspecify.annotations.NullMarked;
