import assert from "node:assert/strict";
import { defaultCacheDir } from "../../src/loader/cache_dir.ts";

const CASES: readonly (readonly [
  name: string,
  os: typeof Deno.build.os,
  env: Readonly<Record<string, string>>,
  expected: string,
])[] = [
  ["HOME on Linux", "linux", { HOME: "/home/a" }, "/home/a/.cache/gyre"],
  [
    "XDG_CACHE_HOME",
    "linux",
    { HOME: "/h", XDG_CACHE_HOME: "/x" },
    "/x/gyre",
  ],
  [
    "HOME where XDG_CACHE_HOME is relative",
    "linux",
    { HOME: "/h", XDG_CACHE_HOME: "x" },
    "/h/.cache/gyre",
  ],
  [
    "HOME where XDG_CACHE_HOME is empty",
    "freebsd",
    { HOME: "/h", XDG_CACHE_HOME: "" },
    "/h/.cache/gyre",
  ],
  [
    "HOME on macOS, without XDG",
    "darwin",
    { HOME: "/Users/a", XDG_CACHE_HOME: "/x" },
    "/Users/a/Library/Caches/gyre",
  ],
  [
    "LOCALAPPDATA on Windows",
    "windows",
    { LOCALAPPDATA: "C:\\Users\\a\\AppData\\Local" },
    "C:\\Users\\a\\AppData\\Local\\gyre",
  ],
  [
    "GYRE_CACHE_DIR before all else",
    "linux",
    { HOME: "/h", GYRE_CACHE_DIR: "/g" },
    "/g",
  ],
];

for (const [name, os, env, expected] of CASES) {
  Deno.test(`defaultCacheDir() uses ${name}`, () => {
    assert.equal(defaultCacheDir({ os, env: (key) => env[key] }), expected);
  });
}

for (const os of ["linux", "darwin", "windows"] as const) {
  Deno.test(`defaultCacheDir() throws on ${os} when no variable is set`, () => {
    assert.throws(() => defaultCacheDir({ os, env: () => undefined }), {
      name: "LoadError",
      code: "ERR_NO_CACHE_DIR",
    });
  });
}
