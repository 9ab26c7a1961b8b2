/**
 * The loader: component source in, bytes and digest out.
 *
 * @module
 */

import { join, resolve } from "node:path";
import type { ComponentSource } from "../app/application.ts";
import { LoadError } from "../errors.ts";
import { createContentStore } from "./content_store.ts";
import type { LoadedSource } from "./loaded_source.ts";
import { loadLocal } from "./local.ts";
import { type FetchLimits, loadUrl } from "./url.ts";

export type { LoadedSource } from "./loaded_source.ts";

/** What a loader is asked for. */
export interface LoadRequest {
  /** The component's id, for messages. */
  readonly componentId: string;
  /** Where the bytes come from. */
  readonly source: ComponentSource;
  /** The absolute directory that a path is relative to. */
  readonly baseDir: string;
  /** Ends the load early; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Turns component sources into bytes. */
export interface Loader {
  /**
   * Loads one component.
   *
   * @param request Which, and from where.
   * @returns The bytes and their digest.
   * @throws LoadError if there is no component to be had from the source.
   */
  load(request: LoadRequest): Promise<LoadedSource>;
}

/** Options of {@linkcode createLoader}. */
export interface LoaderOptions extends FetchLimits {
  /** The directory under which downloads are kept, in `wasm/`. It need not exist. */
  readonly cacheDir: string;
}

/**
 * Makes the loader for files on this machine and for http and https addresses.
 *
 * @param options Where downloads are kept, and the bounds of a fetch.
 * @returns The loader. It holds nothing open.
 */
export function createLoader(options: LoaderOptions): Loader {
  const { cacheDir, ...limits } = options;
  const store = createContentStore(join(resolve(cacheDir), "wasm"));
  return {
    async load({ componentId, source, baseDir, signal }) {
      switch (source.kind) {
        case "path":
          return await loadLocal(source.path, { componentId, baseDir, signal });
        case "url":
          return await loadUrl(source, {
            ...limits,
            componentId,
            store,
            signal,
          });
        case "registry":
          throw new LoadError(
            "ERR_SOURCE_UNSUPPORTED",
            `Source ${source.package}@${source.version} of component "${componentId}" is a registry package, which this version cannot load`,
            {
              hint: "Download the package and name the .wasm file, or give `url` and `digest`",
            },
          );
      }
    },
  };
}
