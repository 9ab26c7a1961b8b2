// The functions of wit/greeter.wit, in the shapes that componentize-qjs gives them.

export interface Descriptor {
  read(length: number, offset: number): [bytes: Uint8Array, end: boolean];
  openAt(
    pathFlags: { symlinkFollow?: boolean },
    path: string,
    openFlags: { create?: boolean },
    flags: { read?: boolean },
  ): Descriptor;
}

export function getDirectories(): [directory: Descriptor, path: string][];
export function getEnvironment(): [name: string, value: string][];
