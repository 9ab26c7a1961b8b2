/**
 * The kinds of problems that a manifest can have.
 *
 * @module
 */

/** What each code of a problem in a manifest means. A code that starts with `WARN` stops nothing. */
export const MANIFEST_CODES = {
  ERR_MANIFEST_SYNTAX: "The text is not TOML",
  ERR_MANIFEST_VERSION: "The manifest's version is not known",
  ERR_UNKNOWN_KEY: "A table has a key that it cannot have",
  ERR_MISSING_KEY: "A table lacks a key that it must have",
  ERR_WRONG_TYPE: "A value has the wrong type, such as a number for text",
  ERR_INVALID_VALUE: "A value has the right type but is not allowed",
  ERR_INVALID_ID: "A name breaks the grammar of its kind",
  ERR_DUPLICATE_ID: "Two components or two triggers have the same id",
  ERR_INVALID_VARIABLE: "A variable is both required and given a default, or neither",
  ERR_UNKNOWN_TRIGGER_TYPE: "No trigger of this type is known",
  ERR_UNKNOWN_COMPONENT: "A component is named that the manifest does not have",
  ERR_SOURCE_NOT_FOUND: "A component's Wasm file does not exist",
  ERR_SOURCE_URL: "A component's source is not an http or https URL",
  ERR_INVALID_DIGEST: "A digest is not sha256: and 64 hexadecimal digits",
  ERR_FILE_NOT_FOUND: "A file or directory to mount does not exist",
  ERR_FILE_OUTSIDE: "A file to mount is outside the application's directory",
  ERR_FILE_PATTERN: 'A file pattern ends in "." or ".."',
  ERR_FILE_DESTINATION: "A file is mounted where no file can be",
  ERR_FILE_WRITABLE: "Something is mounted to be written that cannot be",
  ERR_TEMPLATE: "A template is malformed or names an unknown variable",
  ERR_ALLOWED_HOST: "An allowed outbound host is malformed",
  ERR_ALLOWED_INBOUND: "An address to listen on is malformed",
  WARN_DEPRECATED_KEY: "A key still works but has a better successor",
  WARN_WIDE_PATTERN: "A file pattern mounts the whole application directory",
  WARN_IMPLICIT_HOSTS: "A version 1 manifest grants hosts that it does not name",
  WARN_NO_EFFECT: "A key is accepted but changes nothing",
} as const;

/** The code of a problem in a manifest. */
export type ManifestCode = keyof typeof MANIFEST_CODES;
