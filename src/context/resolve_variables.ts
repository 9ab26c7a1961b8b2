/**
 * The values of an application's variables.
 *
 * @module
 */

import type { Application } from "../app/application.ts";
import { PrepareError } from "../errors.ts";

/**
 * Lays given values over the defaults.
 *
 * @param application The application that declares the variables.
 * @param given Values by name; they win over defaults.
 * @returns A value for every variable.
 * @throws {PrepareError} `ERR_UNKNOWN_VARIABLE` for a value of a variable that is not declared,
 * `ERR_VARIABLE_REQUIRED` for a required variable without a value.
 */
export function resolveVariables(
  application: Application,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const declared = Object.keys(application.variables);
  const unknown = Object.keys(given).filter((name) => !declared.includes(name));
  if (unknown.length > 0) {
    throw new PrepareError(
      "ERR_UNKNOWN_VARIABLE",
      `${application.origin} declares no variable ${unknown.join(", ")}`,
      {
        hint: declared.length === 0
          ? "Declare it under [variables]"
          : `Its variables are: ${declared.join(", ")}`,
      },
    );
  }
  const values: Record<string, string> = {};
  const missing: string[] = [];
  for (const [name, variable] of Object.entries(application.variables)) {
    const value = Object.hasOwn(given, name) ? given[name] : variable.default;
    if (value === undefined) missing.push(name);
    else values[name] = value;
  }
  if (missing.length > 0) {
    throw new PrepareError(
      "ERR_VARIABLE_REQUIRED",
      `${application.origin} requires a value for ${missing.join(", ")}`,
      { hint: `Give it on the command line: --variable ${missing[0]}=VALUE` },
    );
  }
  return values;
}
