/**
 * Features by Apache Spark. Executors hash files and compute batches; everything else stays in the
 * program that asks.
 */
@NullMarked
package dev.stanstudio.scoring.spark;

import org.jspecify.annotations.NullMarked;
