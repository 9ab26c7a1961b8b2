/**
 * How much of the host's memory and descriptors one guest instance may use through its files.
 *
 * @module
 */

/**
 * How many files, directories, streams of files and streams of directories an instance may hold
 * open together. The next one is refused with `quota`.
 */
export const MOST_OPEN_DESCRIPTORS = 1_024;

/** How many bytes one call of `descriptor.read` gives at most; a guest may ask for 2^64. */
export const LONGEST_READ = 1_048_576;

/**
 * How many entries the directory streams of an instance may hold together. Deno reads a directory
 * as a whole, so this bounds what stays in memory. A directory beyond it is refused with
 * `insufficient-memory`.
 */
export const MOST_LISTED_ENTRIES = 262_144;

/** How many symbolic links one path may lead through: Linux's limit, on every system. */
export const MOST_LINKS = 40;

/** How long a path may be, in UTF-16 code units: Linux's limit in bytes, on every system. */
export const LONGEST_PATH = 4_096;
