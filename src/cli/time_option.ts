import { InvalidArgumentError } from "commander";
import { parseMoment } from "../moment.ts";

/**
 * Reads a moment given on the command line.
 *
 * @param text Such as `2026-03-28T00:00Z`.
 * @returns The moment in ms since the Unix epoch.
 * @throws {InvalidArgumentError} If it is none.
 */
export function timeOption(text: string): number {
  const moment = parseMoment(text);
  if (moment === undefined) {
    throw new InvalidArgumentError(
      'Expected a date, a time and an offset, such as "2026-03-28T00:00Z".',
    );
  }
  return moment;
}
