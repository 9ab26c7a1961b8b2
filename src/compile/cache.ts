/**
 * Compiled components on disk. One file per component, named by everything that went into it, so
 * that an entry never goes stale; written beside its place and renamed into it, so that concurrent
 * starts share it safely; and closed by a digest, so that a damaged entry is a miss.
 *
 * @module
 */

import { dirname, join } from "node:path";
import type { CompiledComponent } from "./compiled_component.ts";
import type { World } from "./world.ts";
import { messageOf } from "../errors.ts";
import { logger } from "../log.ts";

/** The first bytes of an entry; another format has others. */
const MAGIC = new TextEncoder().encode("gyre-component-2");
const DIGEST_BYTES = 32;
const HEADER_LENGTH_BYTES = 4;

/** What stands before the parts in an entry. */
interface Header {
  readonly digest: string;
  readonly world: World;
  readonly suspends: boolean;
  readonly uninstrumented: readonly string[];
  readonly parts: readonly { readonly name: string; readonly length: number }[];
}

/** Keeps compiled components in a directory. */
export class CompileCache {
  readonly #directory: string;

  /**
   * Opens a cache; the directory is made on the first write.
   *
   * @param directory An absolute path.
   */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Reads an entry.
   *
   * @param key The entry's key, in hexadecimal.
   * @returns The compiled component, or `undefined` if there is none that is whole.
   */
  async read(key: string): Promise<CompiledComponent | undefined> {
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = await Deno.readFile(this.#path(key));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) {
        warn("read", this.#path(key), error);
      }
      return undefined;
    }
    const body = bytes.subarray(0, -DIGEST_BYTES);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
    const stored = bytes.subarray(-DIGEST_BYTES);
    if (
      stored.length !== DIGEST_BYTES ||
      digest.some((byte, index) => byte !== stored[index])
    ) {
      logger("compile").warn(
        "A damaged entry of the compile cache is made anew: {path}",
        {
          path: this.#path(key),
        },
      );
      return undefined;
    }
    return decode(body);
  }

  /**
   * Writes an entry. A cache that cannot be written to costs time, never a start.
   *
   * @param key The entry's key, in hexadecimal.
   * @param component What to keep.
   */
  async write(key: string, component: CompiledComponent): Promise<void> {
    const path = this.#path(key);
    const temporary = `${path}.${crypto.randomUUID()}.tmp`;
    try {
      await Deno.mkdir(dirname(path), { recursive: true });
      await Deno.writeFile(temporary, await encode(component));
      await Deno.rename(temporary, path);
    } catch (error) {
      warn("write", path, error);
      await Deno.remove(temporary).catch(() => {}); // may not exist; the warning is out already
    }
  }

  #path(key: string): string {
    return join(this.#directory, `${key}.component`);
  }
}

function warn(verb: string, path: string, error: unknown): void {
  logger("compile").warn("Cannot {verb} the compile cache at {path}: {error}", {
    verb,
    path,
    error: messageOf(error),
  });
}

async function encode(component: CompiledComponent): Promise<Uint8Array> {
  const parts: [string, Uint8Array][] = [
    ["", new TextEncoder().encode(component.source)],
    ...component.modules,
  ];
  const header: Header = {
    digest: component.digest,
    world: component.world,
    suspends: component.suspends,
    uninstrumented: component.uninstrumented,
    parts: parts.map(([name, bytes]) => ({ name, length: bytes.length })),
  };
  const head = new TextEncoder().encode(JSON.stringify(header));
  const size = parts.reduce((sum, [, bytes]) => sum + bytes.length, head.length);
  let offset = MAGIC.length + HEADER_LENGTH_BYTES;
  const entry = new Uint8Array(offset + size + DIGEST_BYTES);
  entry.set(MAGIC);
  new DataView(entry.buffer).setUint32(MAGIC.length, head.length, true);
  for (const bytes of [head, ...parts.map(([, bytes]) => bytes)]) {
    entry.set(bytes, offset);
    offset += bytes.length;
  }
  const digest = await crypto.subtle.digest(
    "SHA-256",
    entry.subarray(0, offset),
  );
  entry.set(new Uint8Array(digest), offset);
  return entry;
}

/**
 * Takes a body apart. Its digest was right, so if it begins with our magic, it is what
 * {@linkcode encode} wrote.
 */
function decode(body: Uint8Array<ArrayBuffer>): CompiledComponent | undefined {
  if (MAGIC.some((byte, index) => byte !== body[index])) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const headStart = MAGIC.length + HEADER_LENGTH_BYTES;
  let offset = headStart + view.getUint32(MAGIC.length, true);
  const header: Header = JSON.parse(new TextDecoder().decode(body.subarray(headStart, offset)));
  const parts = header.parts.map(({ name, length }) => {
    const bytes = body.slice(offset, offset + length);
    offset += length;
    return [name, bytes] as const;
  });
  const [source, ...modules] = parts;
  return {
    digest: header.digest,
    world: header.world,
    suspends: header.suspends,
    uninstrumented: header.uninstrumented,
    source: new TextDecoder().decode(source?.[1]),
    modules: new Map(modules),
  };
}
