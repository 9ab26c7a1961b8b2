import { InvalidArgumentError } from "commander";

/**
 * Reads a count given on the command line.
 *
 * @param text Such as `10`.
 * @returns The count, from 1 on.
 * @throws {InvalidArgumentError} If it is none.
 */
export function countOption(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError("Expected a whole number from 1 on.");
}
