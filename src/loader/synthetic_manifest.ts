/**
 * The manifest that a bare `.wasm` file stands for.
 *
 * @module
 */

const FALLBACK_ID = "app";

/**
 * Writes a manifest with one component and one timer that ticks every second.
 *
 * @param fileName The component's file, in the directory that the manifest stands for.
 * @returns The manifest, as TOML.
 */
export function syntheticManifest(fileName: string): string {
  const id = toKebabId(fileName.replace(/\.[^.]*$/, ""));
  return `spin_manifest_version = 2

[application]
name = "${id}"

[[trigger.timer]]
component = "${id}"
interval = "1s"

[component.${id}]
source = ${toTomlString(fileName)}
`;
}

/**
 * Makes a component id of a file's name. Each word of an id starts with a letter, so a word that
 * starts with a digit is joined to the word before it.
 */
function toKebabId(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const id = words.reduce(
    (joined, word) => joined === "" || /^\d/.test(word) ? `${joined}${word}` : `${joined}-${word}`,
    "",
  );
  return /^[a-z]/.test(id) ? id : `${FALLBACK_ID}${id}`;
}

/** Writes a basic string: as in JSON, except that TOML also wants DEL escaped. */
function toTomlString(text: string): string {
  return JSON.stringify(text).replaceAll("\x7f", "\\u007f");
}
