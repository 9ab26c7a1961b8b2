import type { Fields } from "./fields.ts";

const DIGITS = /^\d{1,15}$/;

/**
 * Reads how long a message's body is to be.
 *
 * @param headers The message's headers.
 * @returns The number of bytes that `content-length` says; `undefined` if there is none, and `NaN`,
 * which no body's length equals, if it cannot be understood.
 */
export function declaredLength(headers: Fields): number | undefined {
  const values = headers.get("content-length").map((value) => new TextDecoder().decode(value));
  const [value] = values;
  if (value === undefined) return undefined;
  return values.length === 1 && DIGITS.test(value) ? Number(value) : NaN;
}
