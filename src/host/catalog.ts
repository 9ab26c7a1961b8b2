/**
 * What the host provides, as data: this file imports no implementation, so that a component can be
 * checked and compiled where no guest ever runs.
 *
 * @module
 */

/** One WIT interface that the host provides. */
export interface CatalogEntry {
  /** The interface without its version, such as `wasi:io/poll`. */
  readonly id: string;
  /**
   * Its functions that may answer with a promise, as jco names them, such as
   * `wasi:io/poll#[method]pollable.block`. A function that is not listed always answers at once.
   */
  readonly suspends: readonly string[];
}

const WITH_VERSION = /^([^@]+)@0\.2\.\d+$/;

/** Every interface that the host provides; each in any version 0.2.x. */
export const HOST_CATALOG: readonly CatalogEntry[] = [
  { id: "wasi:cli/environment", suspends: [] },
  { id: "wasi:cli/exit", suspends: [] },
  { id: "wasi:cli/stdin", suspends: [] },
  { id: "wasi:cli/stdout", suspends: [] },
  { id: "wasi:cli/stderr", suspends: [] },
  { id: "wasi:cli/terminal-input", suspends: [] },
  { id: "wasi:cli/terminal-output", suspends: [] },
  { id: "wasi:cli/terminal-stdin", suspends: [] },
  { id: "wasi:cli/terminal-stdout", suspends: [] },
  { id: "wasi:cli/terminal-stderr", suspends: [] },
  { id: "wasi:clocks/monotonic-clock", suspends: [] },
  { id: "wasi:clocks/wall-clock", suspends: [] },
  { id: "wasi:filesystem/preopens", suspends: [] },
  { id: "wasi:filesystem/types", suspends: [] },
  { id: "wasi:http/outgoing-handler", suspends: [] },
  { id: "wasi:http/types", suspends: [] },
  { id: "wasi:io/error", suspends: [] },
  {
    id: "wasi:io/poll",
    suspends: ["wasi:io/poll#poll", "wasi:io/poll#[method]pollable.block"],
  },
  {
    id: "wasi:io/streams",
    suspends: [
      "wasi:io/streams#[method]input-stream.blocking-read",
      "wasi:io/streams#[method]input-stream.blocking-skip",
      "wasi:io/streams#[method]output-stream.blocking-write-and-flush",
      "wasi:io/streams#[method]output-stream.blocking-flush",
      "wasi:io/streams#[method]output-stream.blocking-write-zeroes-and-flush",
      "wasi:io/streams#[method]output-stream.blocking-splice",
    ],
  },
  { id: "wasi:random/insecure", suspends: [] },
  { id: "wasi:random/insecure-seed", suspends: [] },
  { id: "wasi:random/random", suspends: [] },
  { id: "wasi:sockets/instance-network", suspends: [] },
  { id: "wasi:sockets/ip-name-lookup", suspends: [] },
  { id: "wasi:sockets/network", suspends: [] },
  { id: "wasi:sockets/tcp", suspends: [] },
  { id: "wasi:sockets/tcp-create-socket", suspends: [] },
  { id: "wasi:sockets/udp", suspends: [] },
  { id: "wasi:sockets/udp-create-socket", suspends: [] },
];

const BY_ID: ReadonlyMap<string, CatalogEntry> = new Map(
  HOST_CATALOG.map((entry) => [entry.id, entry]),
);

/**
 * Finds the host interface that provides an import.
 *
 * @param imported The imported interface, with a version (`wasi:io/poll@0.2.3`) or without.
 * @returns Its id without the version; `undefined` if the host does not provide it in that version.
 */
export function interfaceId(imported: string): string | undefined {
  const id = imported.includes("@") ? WITH_VERSION.exec(imported)?.[1] : imported;
  return id !== undefined && BY_ID.has(id) ? id : undefined;
}

/**
 * Lists the imported functions that may suspend the guest.
 *
 * @param imported The interfaces that a component imports, with or without a version. Those that
 * the host does not provide are passed over.
 * @returns The functions as jco names them, without versions and without duplicates.
 */
export function suspendingImports(imported: Iterable<string>): string[] {
  const suspends = new Set<string>();
  for (const name of imported) {
    const id = interfaceId(name);
    if (id === undefined) continue;
    for (const target of BY_ID.get(id)?.suspends ?? []) suspends.add(target);
  }
  return [...suspends];
}
