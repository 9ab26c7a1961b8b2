/**
 * Where downloads and compiled components are kept when nobody says otherwise.
 *
 * @module
 */

import { posix, win32 } from "node:path";
import { LoadError } from "../errors.ts";

/** What the choice of a cache directory depends on. */
export interface CacheDirOptions {
  /** Gives an environment variable; an empty one counts as unset. */
  readonly env: (name: string) => string | undefined;
  /** The platform, as in `Deno.build.os`. */
  readonly os: typeof Deno.build.os;
}

/**
 * Chooses the cache directory: `GYRE_CACHE_DIR`, or the platform's usual place.
 *
 * @param options The environment and the platform.
 * @returns The directory, which need not exist. Absolute, unless `GYRE_CACHE_DIR` is relative.
 * @throws LoadError `ERR_NO_CACHE_DIR` if the environment names no place.
 */
export function defaultCacheDir(options: CacheDirOptions): string {
  const { env, os } = options;
  const override = env("GYRE_CACHE_DIR");
  if (override) return override;
  switch (os) {
    case "windows": {
      const local = env("LOCALAPPDATA");
      if (local) return win32.join(local, "gyre");
      throw noPlace("LOCALAPPDATA");
    }
    case "darwin": {
      const home = env("HOME");
      if (home) return posix.join(home, "Library", "Caches", "gyre");
      throw noPlace("HOME");
    }
    default: {
      const xdg = env("XDG_CACHE_HOME");
      // The XDG Base Directory Specification: "consider the path invalid and ignore it".
      if (xdg && posix.isAbsolute(xdg)) return posix.join(xdg, "gyre");
      const home = env("HOME");
      if (home) return posix.join(home, ".cache", "gyre");
      throw noPlace("HOME");
    }
  }
}

function noPlace(variable: string): LoadError {
  return new LoadError(
    "ERR_NO_CACHE_DIR",
    `No cache directory: neither GYRE_CACHE_DIR nor ${variable} is set`,
    { hint: "Set GYRE_CACHE_DIR to a directory that can be written" },
  );
}
