/**
 * The pages that users read.
 *
 * @module
 */

const REPOSITORY = new URL("../../", import.meta.url);

/**
 * Reads the pages: README.md, CHANGELOG.md, all of `docs/`, and each example's README.md.
 *
 * @returns The text of each page, by path from the repository's root.
 */
export async function readPages(): Promise<ReadonlyMap<string, string>> {
  const paths = ["README.md", "CHANGELOG.md", ...await namesIn("docs", /\.md$/)];
  for (const example of await namesIn("examples", /\/[^.]+$/)) paths.push(`${example}/README.md`);
  const pages = await Promise.all(paths.map(async (path) =>
    [
      path,
      await Deno.readTextFile(new URL(path, REPOSITORY)),
    ] as const
  ));
  return new Map(pages);
}

/**
 * Tells whether there is anything at a path.
 *
 * @param path A path from the repository's root.
 * @returns Whether there is a file or a directory.
 */
export function existsInRepository(path: string): boolean {
  try {
    Deno.statSync(new URL(path, REPOSITORY));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function namesIn(directory: string, pattern: RegExp): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(new URL(`${directory}/`, REPOSITORY)));
  return entries.map(({ name }) => `${directory}/${name}`).filter((path) => pattern.test(path))
    .toSorted();
}
