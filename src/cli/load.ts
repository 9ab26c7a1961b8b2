/**
 * How commands load the application that they are given.
 *
 * @module
 */

import type { Application } from "../app/application.ts";
import { loadApplication } from "../runtime/load.ts";
import { type PrintErrorOptions, printWarnings } from "./report.ts";

/**
 * Loads an application, and prints what is odd about its manifest.
 *
 * @param path A manifest, a directory or a component.
 * @param output Where and how to print.
 * @returns The application.
 * @throws {GyreError} If there is none, or it is not valid.
 */
export async function loadForCommand(
  path: string,
  output: PrintErrorOptions,
): Promise<Application> {
  const { application, warnings } = await loadApplication(path);
  printWarnings(warnings, output);
  return application;
}
