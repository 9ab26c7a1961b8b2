import type { GuestFailure } from "../guest/failure.ts";

/**
 * Looks for a name that no environment variable can have.
 *
 * @param environment The variables by name.
 * @returns What is wrong with them; `undefined` if nothing is.
 */
export function refusedEnvironment(
  environment: Readonly<Record<string, string>> = {},
): GuestFailure | undefined {
  const wrong = Object.keys(environment).find((name) => name === "" || /[=\0]/.test(name));
  if (wrong === undefined) return undefined;
  const message = `No environment variable can have the name ${JSON.stringify(wrong)}`;
  return { kind: "trap", message, stack: [] };
}
