/**
 * How commands load the application that they are given.
 *
 * @module
 */

import { loadApplication, type LoadedApplication } from "../runtime/load.ts";
import { type PrintErrorOptions, printWarnings } from "./report.ts";

/**
 * Loads an application, and prints what is odd about its manifest.
 *
 * @param path A manifest, a directory or a component.
 * @param output Where and how to print.
 * @returns The application, and the trigger types that it names.
 * @throws {GyreError} If there is none, or it is not valid.
 */
export async function loadForCommand(
  path: string,
  output: PrintErrorOptions,
): Promise<Pick<LoadedApplication, "application" | "triggers">> {
  const { application, triggers, warnings } = await loadApplication(path);
  printWarnings(warnings, output);
  return { application, triggers };
}
