// The functions of wit/report.wit, in the shapes that componentize-qjs gives them.

export interface Descriptor {
  openAt(
    pathFlags: { symlinkFollow?: boolean },
    path: string,
    openFlags: { create?: boolean; truncate?: boolean },
    flags: { write?: boolean },
  ): Descriptor;
  write(bytes: Uint8Array, offset: number | bigint): number | bigint;
}

export function getDirectories(): [directory: Descriptor, path: string][];
export function getEnvironment(): [name: string, value: string][];
