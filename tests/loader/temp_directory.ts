import { dirname, join } from "node:path";

/** A temporary directory that is removed at the end of the block. */
export interface TempDirectory extends AsyncDisposable {
  readonly path: string;
  /** Writes a file, with its directories, and gives its absolute path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
}

/** Makes an empty temporary directory. */
export async function tempDirectory(): Promise<TempDirectory> {
  const path = await Deno.realPath(await Deno.makeTempDir());
  return {
    path,
    async write(name, content) {
      const file = join(path, name);
      await Deno.mkdir(dirname(file), { recursive: true });
      await Deno.writeFile(
        file,
        typeof content === "string" ? new TextEncoder().encode(content) : content,
      );
      return file;
    },
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
