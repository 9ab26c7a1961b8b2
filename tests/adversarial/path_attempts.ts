import { join } from "node:path";
import { WasiError } from "../support/test_kit/raw_guest.ts";
import { type Attack, type Attempt, Spoils } from "./attempt.ts";
import { inDirectory, openFile, readFile } from "./actions.ts";

const RACES = 150;
/** How WASI says no to a path. */
const REFUSED =
  /^error "(not-permitted|unsupported|access|no-entry|loop|not-directory|invalid|illegal-byte-sequence|name-too-long|is-directory)"$/;
const REFUSED_OR_READ_ONLY = new RegExp(
  REFUSED.source.replace("access", "access|read-only|unsupported|exist|cross-device"),
);
/** Paths to read, and where they would lead. */
const READS: Readonly<Record<string, (attack: Attack) => string>> = {
  "reads a parent by ..": () => "../secret.txt",
  "reads a parent by .. behind a directory": () => "directory/../../secret.txt",
  "reads an absolute path": ({ site }) => `${site.root}/secret.txt`,
  "reads /etc/passwd": () => "/etc/passwd",
  "reads through a symlink that points out": () => "link-out",
  "reads through a symlink with an absolute target": () => "link-absolute",
  "reads through a chain of symlinks": () => "link-chain-1",
  "reads through a symlink to the parent": () => "link-parent/secret.txt",
  "reads through a symlink to the root": ({ site }) => `link-root${site.root}/secret.txt`,
  "reads through a symlink that points to itself": () => "link-loop",
  "reads a symlink with a slash behind it": () => "link-out/",
  "reads a file with a slash behind it": () => "own.txt/",
  "reads a path with a NUL in it": () => "own.txt\0/../../secret.txt",
  "reads a NUL": () => "\0",
  "reads an empty path": () => "",
  "reads a pipe that nobody writes to": () => "fifo",
  "reads the environment of the process": () => "/proc/self/environ",
  "reads the environment of the process by many ..": () => `${"../".repeat(30)}proc/self/environ`,
  "reads the environment of the process by a symlink": () => "link-proc/environ",
  "reads the memory of the process": () => "link-proc/mem",
  "reads an open file of the process": () => "link-proc/fd/0",
  "reads the directory of another component": () => "../other/secret.txt",
  "reads the cache": () => "../cache/components/entry.json",
  "reads the manifest": () => "../app.toml",
  "reads with backslashes": () => "..\\secret.txt",
  "reads with escapes of URLs": () => "%2e%2e/secret.txt",
  "reads with dots of another script": () => "\uff0e\uff0e/secret.txt",
  "reads a name that folds to another": () => "..\u2215secret.txt",
  "reads a path of a megabyte": () => "a/".repeat(500_000),
  "reads a name of a megabyte": () => "a".repeat(1_000_000),
  "reads a path of 100,000 dots": () => `${"./".repeat(100_000)}../secret.txt`,
  "reads a path of 10,000 steps back and forth": () =>
    `${"directory/../".repeat(10_000)}../secret.txt`,
};

/** Changes to what is outside. */
const CHANGES: Readonly<Record<string, (attack: Attack) => Promise<unknown>>> = {
  "writes through a symlink that points out": async ({ guest, at }) => {
    const file = await openFile(guest, at("link-out"), { open: ["truncate"], flags: ["write"] });
    await guest.ok("wasi:filesystem/types#[method]descriptor.write", file, Uint8Array.of(1), 0n);
  },
  "creates a file in the parent": ({ guest, at }) =>
    openFile(guest, at("../new.txt"), { open: ["create"], flags: ["write"] }),
  "creates a file where a dangling symlink points": ({ guest, at }) =>
    openFile(guest, at("link-dangling"), { open: ["create"], flags: ["write"] }),
  "creates a directory in the parent": ({ guest, at }) =>
    inDirectory(guest, "create-directory-at", at("../new")),
  "creates a directory through a symlink": ({ guest, at }) =>
    inDirectory(guest, "create-directory-at", at("link-parent/new")),
  "removes a file of the parent": ({ guest, at }) =>
    inDirectory(guest, "unlink-file-at", at("../secret.txt")),
  "removes a file through a symlink": ({ guest, at }) =>
    inDirectory(guest, "unlink-file-at", at("link-parent/secret.txt")),
  "removes a directory of the parent": ({ guest, at }) =>
    inDirectory(guest, "remove-directory-at", at("../other")),
  "removes its own root": ({ guest, at }) => inDirectory(guest, "remove-directory-at", at(".")),
  "changes the times of a file outside": ({ guest, at }) =>
    inDirectory(
      guest,
      "set-times-at",
      ["symlink-follow"],
      at("link-out"),
      { tag: "timestamp", val: { seconds: 1n, nanoseconds: 0 } },
      { tag: "timestamp", val: { seconds: 1n, nanoseconds: 0 } },
    ),
  "links a file of the parent into its directory": (attack) => linkAt(attack, "../secret.txt"),
  "links what a symlink points to into its directory": (attack) => linkAt(attack, "link-out"),
  "moves a file of the parent into its directory": (attack) =>
    renameAt(attack, "../secret.txt", "stolen.txt"),
  "moves a file out of its directory": (attack) => renameAt(attack, "own.txt", "../given.txt"),
  "moves a file over one outside": (attack) =>
    renameAt(attack, "own.txt", "link-parent/secret.txt"),
};

/** What can be learnt of what is outside without reading it. */
const LOOKS: Readonly<Record<string, (attack: Attack) => Promise<unknown>>> = {
  "asks for the size of a file outside": ({ guest, at }) =>
    inDirectory(guest, "stat-at", ["symlink-follow"], at("link-out")),
  "asks for the size of a file of the parent": ({ guest, at }) =>
    inDirectory(guest, "stat-at", [], at("../secret.txt")),
  "asks for the hash of a file outside": ({ guest, at }) =>
    inDirectory(guest, "metadata-hash-at", ["symlink-follow"], at("link-out")),
  "reads a symlink of the parent": ({ guest, at }) =>
    inDirectory(guest, "readlink-at", at("../link")),
  "lists the parent": ({ guest, at }) => openFile(guest, at(".."), { open: ["directory"] }),
  "lists the parent through a symlink": ({ guest, at }) =>
    openFile(guest, at("link-parent"), { open: ["directory"] }),
};

/** A secret that comes out of a symlink that the guest makes itself. */
const OWN_LINKS: Readonly<Record<string, (attack: Attack) => string>> = {
  "makes a symlink to the parent's file and follows it": () => "../secret.txt",
  "makes a symlink with an absolute target and follows it": ({ site }) => `${site.root}/secret.txt`,
  "makes a symlink to /proc and follows it": () => "/proc/self/environ",
};

const MUTABLE = ["read", "mutate-directory"];

async function linkAt(attack: Attack, path: string): Promise<unknown> {
  const { guest, at } = attack;
  const options = { open: ["directory"], flags: MUTABLE };
  const directory = await openFile(guest, at("directory"), options);
  await inDirectory(guest, "link-at", [], at(path), directory, "stolen.txt");
  return spoilsOf(await readFile(guest, at("directory/stolen.txt")), attack);
}

async function renameAt({ guest, at }: Attack, from: string, to: string): Promise<unknown> {
  const directory = await openFile(guest, at("."), { open: ["directory"], flags: MUTABLE });
  return await inDirectory(guest, "rename-at", at(from), directory, to);
}

/** Reads a name that the host turns from a file into a symlink and back all the while. */
async function race(attack: Attack): Promise<Spoils | undefined> {
  const { guest, site, at } = attack;
  let over = false;
  const swapping = (async () => {
    for (let turn = 0; !over; turn++) {
      const next = join(site.own, "swapped-next");
      await Deno.symlink(turn % 2 === 0 ? "own.txt" : "../secret.txt", next);
      await Deno.rename(next, join(site.own, "swapped"));
    }
  })();
  try {
    for (let left = RACES; left > 0; left--) {
      try {
        const spoils = spoilsOf(await readFile(guest, at("swapped")), attack);
        if (spoils !== undefined) return spoils;
      } catch (error) {
        if (!(error instanceof WasiError)) throw error;
      }
    }
    return undefined;
  } finally {
    over = true;
    await swapping;
  }
}

/** The secret itself is what would be got. */
function spoilsOf(text: string, { site }: Attack): Spoils | undefined {
  return text.includes(site.secret) || text.includes("root:") || text.includes("PATH=")
    ? new Spoils(text.slice(0, 40))
    : undefined;
}

/** Everything that is tried with paths. */
export const pathAttempts: readonly Attempt[] = [
  {
    name: "reads a file that becomes a symlink on the way",
    kind: "path",
    run: race,
    timeout: 5_000,
    wallOne: /^nothing$/,
    wallTwo: /^nothing$/,
  },
  ...Object.entries(READS).map(([name, path]): Attempt => ({
    name,
    kind: "path",
    run: async (attack) => spoilsOf(await readFile(attack.guest, attack.at(path(attack))), attack),
    wallOne: REFUSED,
    wallTwo: REFUSED,
  })),
  ...Object.entries(CHANGES).map(([name, change]): Attempt => ({
    name,
    kind: "change outside",
    run: async (attack) => {
      const got = await change(attack);
      // Whether there was damage the site itself says.
      return got instanceof Spoils ? got : undefined;
    },
    wallOne: REFUSED_OR_READ_ONLY,
    wallTwo: REFUSED_OR_READ_ONLY,
  })),
  ...Object.entries(LOOKS).map(([name, look]): Attempt => ({
    name,
    kind: "look outside",
    run: async (attack) => new Spoils(String(await look(attack))),
    wallOne: REFUSED,
    wallTwo: REFUSED,
  })),
  ...Object.entries(OWN_LINKS).map(([name, target]): Attempt => ({
    name,
    kind: "path",
    async run(attack) {
      await inDirectory(attack.guest, "symlink-at", target(attack), attack.at("made"));
      return spoilsOf(await readFile(attack.guest, attack.at("made")), attack);
    },
    wallOne: REFUSED_OR_READ_ONLY,
    wallTwo: REFUSED_OR_READ_ONLY,
  })),
];
