/**
 * The program's version.
 *
 * @module
 */

import config from "../../deno.json" with { type: "json" };

/**
 * Names the version of Gyre and of what it runs on.
 *
 * @returns One line.
 */
export function versionText(): string {
  return `gyre ${config.version} (deno ${Deno.version.deno}, v8 ${Deno.version.v8})`;
}
