/**
 * What every kind of component source is turned into.
 *
 * @module
 */

/** The bytes of a component, checked to be one. */
export interface LoadedSource {
  /** The component, in the binary format. The caller's to keep; nobody changes it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** `sha256:` and 64 lower-case hexadecimal digits. */
  readonly digest: string;
}
