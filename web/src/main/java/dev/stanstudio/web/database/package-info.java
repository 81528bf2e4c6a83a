/** The studio's database: SQLite or PostgreSQL, one schema, the same migrations on both. */
@NullMarked
package dev.stanstudio.web.database;

import org.jspecify.annotations.NullMarked;
