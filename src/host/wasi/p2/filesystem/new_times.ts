import type { Datetime } from "../clocks/datetime.ts";
import type { NewTimestamp, NewTimestamps } from "./descriptor_types.ts";
import type { ErrorCode } from "./error_code.ts";

/** The latest moment that the platform can write, in ms since the Unix epoch. */
const LAST_MOMENT = 8.64e15;

/** The times to give an object, as Deno takes them. */
export interface NewTimes {
  /** When its data was last read. */
  readonly atime: Date;
  /** When its data was last changed. */
  readonly mtime: Date;
}

/**
 * Works out the times that an object is to get. Deno counts files' times in whole milliseconds, so
 * what is finer is cut off, also of a time that is not to change while the other one does.
 *
 * @param wanted What the guest asked for.
 * @param info The object's attributes, for times that are not to change.
 * @returns The times; `undefined` if nothing is to change.
 * @throws `ErrorCode`: `overflow` for a time that the platform cannot write, and `unsupported` if
 * one is not to change that the system does not know.
 */
export function newTimes(
  { access, modification }: NewTimestamps,
  info: Deno.FileInfo,
): NewTimes | undefined {
  if (access.tag === "no-change" && modification.tag === "no-change") return undefined;
  return { atime: toDate(access, info.atime), mtime: toDate(modification, info.mtime) };
}

function toDate(wanted: NewTimestamp, current: Date | null): Date {
  switch (wanted.tag) {
    case "no-change":
      if (current === null) throw "unsupported" satisfies ErrorCode;
      return current;
    case "now":
      return new Date();
    case "timestamp":
      return new Date(toMilliseconds(wanted.val));
  }
}

function toMilliseconds({ seconds, nanoseconds }: Datetime): number {
  if (nanoseconds >= 1_000_000_000) throw "invalid" satisfies ErrorCode;
  const milliseconds = Number(seconds) * 1_000 + Math.floor(nanoseconds / 1_000_000);
  if (milliseconds > LAST_MOMENT) throw "overflow" satisfies ErrorCode;
  return milliseconds;
}
