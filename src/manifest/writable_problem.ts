import { posix } from "node:path";

/** Where Gyre keeps its own files, beside the manifest. */
export const STATE_DIRECTORY = ".gyre";

/** A directory that a guest is to change. */
export interface WritableSource {
  /** Its path below the application's directory. */
  readonly source: string;
  /** Globs of files that the component must not see. */
  readonly excludeFiles: readonly string[];
}

/**
 * Says why a directory cannot be mounted itself, for a guest to change, as far as names tell.
 *
 * @param grant The directory.
 * @returns The reason, to follow the source's name; `undefined` if there is none.
 */
export function writableProblem({ source, excludeFiles }: WritableSource): string | undefined {
  const segments = segmentsOf(source);
  if (segments.length === 0) return "is the application itself, with its manifest and components";
  if (segments[0] === STATE_DIRECTORY) return "holds Gyre's own files";
  // What is mounted itself cannot be shown in part, and files come and go there.
  const glob = excludeFiles.find((glob) => mayMatchWithin(segmentsOf(glob), segments));
  return glob === undefined
    ? undefined
    : `may hold files that exclude_files keeps back ("${glob}")`;
}

function segmentsOf(path: string): readonly string[] {
  return posix.normalize(path).split("/").filter((segment) => segment !== "" && segment !== ".");
}

/** Whether a glob may match a directory, what is around it or anything that may ever be in it. */
function mayMatchWithin(glob: readonly string[], directory: readonly string[]): boolean {
  for (const [index, name] of directory.entries()) {
    const segment = glob[index];
    if (segment === undefined || segment === "**") return true;
    if (segment !== name && !/[*?[]/.test(segment)) return false;
  }
  return true;
}
