/**
 * The web server that all pages share: start and stop, access, errors, layout, languages, assets.
 */
@NullMarked
package dev.stanstudio.web.server;

import org.jspecify.annotations.NullMarked;
