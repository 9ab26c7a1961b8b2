/**
 * The exit codes of the command line.
 *
 * @module
 */

/** What the process ends with. */
export const ExitCode = {
  /** All is well, or the application was stopped cleanly. */
  ok: 0,
  /** The application cannot be run, or with `--test`, an event failed. */
  failure: 1,
  /** The arguments are wrong. */
  usage: 2,
  /** The stop was forced: events that were under way were cancelled. */
  forced: 130,
} as const;
