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
  /** The time that `gyre run` gave a command was over. */
  timeout: 124,
  /** The stop was forced: events, or the command of `gyre run`, were cancelled. */
  forced: 130,
  /** The command of `gyre run` did what WebAssembly forbids: 128 and the number of SIGABRT. */
  trap: 134,
} as const;
