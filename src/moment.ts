/**
 * Moments as people write them in a manifest or on a command line.
 *
 * @module
 */

/** RFC 3339, where the seconds may be left out. */
const MOMENT_REGEXP =
  /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Reads a moment such as `2026-03-28T00:00Z` or `2026-03-28T09:30:00+01:00`.
 *
 * @param text A date, a time and an offset from UTC.
 * @returns The moment in ms since the Unix epoch, or `undefined` if the text is none.
 */
export function parseMoment(text: string): number | undefined {
  if (!MOMENT_REGEXP.test(text)) return undefined;
  const moment = Date.parse(text.replace(" ", "T").toUpperCase());
  return Number.isNaN(moment) ? undefined : moment;
}
