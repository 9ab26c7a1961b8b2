/**
 * Which version of the manifest format a manifest is written in.
 *
 * @module
 */

import type { Table } from "./check_value.ts";
import type { Finding } from "./finding.ts";

const KEY = "spin_manifest_version";

/**
 * Finds out the version of a manifest.
 *
 * @param manifest The top-level table.
 * @returns The version, 2 if the manifest names none; or what is wrong with it.
 */
export function manifestVersion(manifest: Table): 1 | 2 | Finding {
  const old = manifest["spin_version"];
  if (old !== undefined && manifest[KEY] === undefined) {
    return old === "1" ? 1 : unknownVersion("spin_version", old);
  }
  const version = manifest[KEY];
  if (version === undefined || version === 2) return 2;
  return version === "1" ? 1 : unknownVersion(KEY, version);
}

function unknownVersion(key: string, version: unknown): Finding {
  return {
    code: "ERR_MANIFEST_VERSION",
    message: `Manifest version ${JSON.stringify(version)} is not known`,
    path: [key],
    expected: '2, or "1" in quotes for the old format',
    ...(version === "2" && { hint: "Write 2 without quotes" }),
    ...(version === 1 && { hint: 'Write "1" with quotes' }),
  };
}
