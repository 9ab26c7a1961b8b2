/**
 * Applications made for one test, in a directory that is removed afterwards.
 *
 * @module
 */

import { join } from "node:path";
import { guest, type GuestName } from "./guests.ts";

/** What an application is made of. */
export interface TestApp {
  /** The manifest without its components' sources: `{wat-echo}` stands for a guest's file. */
  readonly manifest: string;
  /** Further files, by path relative to the manifest. */
  readonly files?: Readonly<Record<string, string>>;
}

/** An application on disk. */
export interface TestAppDirectory extends AsyncDisposable {
  /** Its directory. */
  readonly directory: string;
  /** Its manifest. */
  readonly manifest: string;
}

/**
 * Writes an application, with the guests that its manifest names beside it.
 *
 * @param app What it is made of.
 * @returns The directory. Dispose it.
 */
export async function writeApp(app: TestApp): Promise<TestAppDirectory> {
  const directory = await Deno.makeTempDir({ prefix: "gyre-app-" });
  let text = app.manifest;
  for (const [placeholder, name] of text.matchAll(/\{([a-z]+-[a-z-]+)\}/g)) {
    await Deno.copyFile(await guest(name as GuestName), join(directory, `${name}.wasm`));
    text = text.replaceAll(placeholder, `${name}.wasm`);
  }
  const manifest = join(directory, "app.toml");
  await Deno.writeTextFile(manifest, text);
  for (const [path, content] of Object.entries(app.files ?? {})) {
    await Deno.writeTextFile(join(directory, path), content);
  }
  return {
    directory,
    manifest,
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
}
