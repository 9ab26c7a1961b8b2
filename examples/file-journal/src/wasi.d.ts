// The functions of wit/journal.wit, in the shapes that componentize-qjs gives them.

export interface Descriptor {
  openAt(
    pathFlags: { symlinkFollow?: boolean },
    path: string,
    openFlags: { create?: boolean },
    flags: { read?: boolean; write?: boolean },
  ): Descriptor;
  stat(): { size: number | bigint };
  write(bytes: Uint8Array, offset: number | bigint): number | bigint;
}

export function getDirectories(): [directory: Descriptor, path: string][];
