import type { LookupAddress, LookupAllOptions } from "node:dns";
import { MOST_LOOKUP_RESULTS } from "./bounds.ts";
import { type IpAddress, toIpAddress } from "./ip_address.ts";

/** What Deno's implementation takes beside Node's options. */
interface LookupOptions extends LookupAllOptions {
  /** The port that the worker's permission for the name is for. */
  readonly port?: number;
}

/**
 * Looks up a name the way the system does, `/etc/hosts` included. Wants the worker's permission for
 * the name only, where `Deno.resolveDns` wants one for the name server.
 *
 * @param name The name, in its canonical form.
 * @param port The port that the worker's permission for the name is for; `undefined` for all.
 * @returns The addresses, without duplicates.
 * @throws {unknown} What Node's API failed with.
 */
export async function lookupName(
  name: string,
  port: number | undefined,
): Promise<readonly IpAddress[]> {
  // Loaded with the first lookup, so that instances that make none do not pay for it.
  const { lookup } = await import("node:dns");
  const options: LookupOptions = { all: true, ...(port !== undefined && { port }) };
  const found = await new Promise<readonly LookupAddress[]>((resolve, reject) => {
    // The variant that gives a promise drops the port.
    lookup(name, options, (error, addresses) => error ? reject(error) : resolve(addresses));
  });
  const addresses = new Map(found.flatMap(({ address }) => {
    const parsed = toIpAddress(address);
    return parsed === undefined ? [] : [[parsed.val.join(), parsed] as const];
  }));
  return [...addresses.values()].slice(0, MOST_LOOKUP_RESULTS);
}
