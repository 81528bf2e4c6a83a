/** YAML files that people write: grids and experiments. */
@NullMarked
package dev.stanstudio.web.yaml;

import org.jspecify.annotations.NullMarked;
