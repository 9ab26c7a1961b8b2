/**
 * The loggers of the library. A library only writes to them; what is shown, and how, is for the
 * program to configure with LogTape (the CLI does so in `src/cli/`).
 *
 * @module
 */

import { getLogger, type Logger } from "@logtape/logtape";

/**
 * Gives the logger of one part of Gyre.
 *
 * @param part The part's name; the category is `["gyre", part]`.
 * @returns The logger.
 */
export function logger(part: string): Logger {
  return getLogger(["gyre", part]);
}
