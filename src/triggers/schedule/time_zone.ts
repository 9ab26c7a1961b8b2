/**
 * What clocks on the wall show, from the platform's own time zones.
 *
 * @module
 */

/** The offset at the end of what the platform writes, such as `GMT`, `GMT+05:30` or `GMT-00:44:30`. */
const OFFSET_REGEXP = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/;
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * Says whether the platform knows a time zone.
 *
 * @param name Such as `Europe/Paris`.
 * @returns Whether it does.
 */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * Finds how far ahead of UTC the clocks of a zone are.
 *
 * @param zone The zone's name.
 * @param instant The moment, in ms since the Unix epoch.
 * @returns The offset in ms: local time less UTC.
 * @throws {RangeError} If there is no such zone.
 */
export function zoneOffset(zone: string, instant: number): number {
  const match = OFFSET_REGEXP.exec(formatOf(zone).format(instant));
  if (match === null) throw new RangeError(`The platform does not say the offset of ${zone}`);
  const [, sign = "+", hours = 0, minutes = 0, seconds = 0] = match;
  const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
  return sign === "-" ? -size : size;
}

/** A span of time in which a zone's clocks are changed once. */
export interface ChangeSpan {
  /** A moment before the change, in ms since the Unix epoch. */
  readonly from: number;
  /** A moment after the change or its very moment, in ms since the Unix epoch. */
  readonly to: number;
  /** The offset before the change, in ms. */
  readonly offset: number;
}

/**
 * Finds the moment from which on the clocks of a zone show another offset.
 *
 * @param zone The zone's name.
 * @param span Where to look.
 * @returns The moment, in ms since the Unix epoch.
 */
export function zoneChange(zone: string, { from, to, offset }: ChangeSpan): number {
  let before = from;
  let after = to;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (zoneOffset(zone, middle) === offset) before = middle;
    else after = middle;
  }
  return after;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  formats.set(zone, format);
  return format;
}
