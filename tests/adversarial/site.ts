/**
 * What is around a hostile guest: a directory and a server that it may use, and others beside them
 * that it must not.
 *
 * @module
 */

import { join } from "node:path";

/** What is around a hostile guest. */
export interface Site extends AsyncDisposable {
  /** The directory that holds all others. */
  readonly root: string;
  /** The directory that the guest may use, mounted at `/` and writable. */
  readonly own: string;
  /** What stands in every file that the guest must not read, and in every answer it must not get. */
  readonly secret: string;
  /** The port of the HTTP server that the guest may ask. */
  readonly allowedPort: number;
  /** The port of the HTTP server that it must not ask. */
  readonly deniedPort: number;
  /** How many connections the second server has seen. */
  readonly deniedHits: () => number;
  /**
   * Looks whether anything beside the guest's own directory has changed.
   *
   * @returns What has changed; `undefined` if nothing has.
   */
  readonly damage: () => Promise<string | undefined>;
}

const SECRET = "the-secret-of-the-house";
/** Files that the guest must not touch, relative to the root. */
const TREASURES = [
  "secret.txt",
  "app.toml",
  "other/secret.txt",
  "cache/components/entry.json",
] as const;
const ENDLESS_PIECE = new Uint8Array(65_536).fill(0x61);

/** Sets up a site. Dispose it. */
export async function createSite(): Promise<Site> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "gyre-site-" }));
  const own = join(root, "own");
  for (const directory of ["own/directory", "other", "cache/components"]) {
    await Deno.mkdir(join(root, directory), { recursive: true });
  }
  for (const treasure of TREASURES) await Deno.writeTextFile(join(root, treasure), SECRET);
  await Deno.writeTextFile(join(own, "own.txt"), "mine");
  await plantLinks(own, root);
  let deniedHits = 0;
  const denied = serve(() => {
    deniedHits++;
    return new Response(SECRET);
  });
  const allowed = serve((request) => answer(request, denied.addr.port));
  const before = await inventory(root);
  return {
    root,
    own,
    secret: SECRET,
    allowedPort: allowed.addr.port,
    deniedPort: denied.addr.port,
    deniedHits: () => deniedHits,
    async damage() {
      const after = await inventory(root);
      return after === before ? undefined : `the site is now ${after} and was ${before}`;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([allowed.shutdown(), denied.shutdown()]);
      await Deno.remove(root, { recursive: true });
    },
  };
}

/** What a careless operator, or an earlier event, may have left in a mount. */
async function plantLinks(own: string, root: string): Promise<void> {
  const links: readonly (readonly [name: string, target: string])[] = [
    ["link-out", "../secret.txt"],
    ["link-absolute", join(root, "secret.txt")],
    ["link-chain-1", "link-chain-2"],
    ["link-chain-2", "directory/link-chain-3"],
    ["directory/link-chain-3", "../../secret.txt"],
    ["link-parent", ".."],
    ["link-root", "/"],
    ["link-loop", "link-loop"],
    ["link-proc", "/proc/self"],
    ["link-dangling", "../new-by-link.txt"],
  ];
  for (const [name, target] of links) await Deno.symlink(target, join(own, name));
  await new Deno.Command("mkfifo", { args: [join(own, "fifo")] }).output();
}

/** Everything outside the guest's own directory, with what is in it and when it was changed. */
async function inventory(root: string): Promise<string> {
  const lines: string[] = [];
  for await (const entry of Deno.readDir(root)) {
    if (entry.name !== "own") lines.push(entry.name);
  }
  for (const treasure of TREASURES) {
    const path = join(root, treasure);
    try {
      const { mtime, nlink } = await Deno.stat(path);
      lines.push(`${treasure} ${mtime?.getTime()} ${nlink} ${await Deno.readTextFile(path)}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      lines.push(`${treasure} is gone`);
    }
  }
  return lines.toSorted().join(", ");
}

function serve(
  handler: (request: Request) => Response | Promise<Response>,
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
}

/** The answers of the server that may be asked; some of them are malicious. */
function answer(request: Request, deniedPort: number): Response | Promise<Response> {
  const { pathname } = new URL(request.url);
  switch (pathname) {
    case "/redirect":
      return Response.redirect(`http://127.0.0.1:${deniedPort}/`, 302);
    case "/endless":
      return new Response(
        new ReadableStream({ pull: (controller) => controller.enqueue(ENDLESS_PIECE) }),
      );
    case "/silent":
      return new Promise((resolve) => {
        request.signal.addEventListener("abort", () => resolve(new Response()), { once: true });
      });
    case "/many-headers":
      return new Response("", {
        headers: Array.from(
          { length: 5_000 },
          (_, i): [string, string] => [`x-${i}`, "y".repeat(50)],
        ),
      });
    case "/headers":
      return Response.json(Object.fromEntries(request.headers));
    default:
      return new Response("welcome");
  }
}
