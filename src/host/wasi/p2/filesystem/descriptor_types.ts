/** The cases of `wasi:filesystem/types.descriptor-type`. */
export type DescriptorType =
  | "unknown"
  | "block-device"
  | "character-device"
  | "directory"
  | "fifo"
  | "symbolic-link"
  | "regular-file"
  | "socket";

/** The flags `wasi:filesystem/types.descriptor-flags`. */
export interface DescriptorFlags {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly mutateDirectory?: boolean;
}

/** The flags `wasi:filesystem/types.path-flags`. */
export interface PathFlags {
  readonly symlinkFollow?: boolean;
}

/** The flags `wasi:filesystem/types.open-flags`. */
export interface OpenFlags {
  readonly create?: boolean;
  readonly directory?: boolean;
  readonly exclusive?: boolean;
  readonly truncate?: boolean;
}
