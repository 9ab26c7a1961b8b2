import type { BlockList, Socket } from "node:net";
import { canonicalHost } from "../../../../policy/canonical_host.ts";
import { formatNetwork, parseIpAddress } from "../../../../policy/ip_network.ts";
import type { Endpoint, IpAddressFamily } from "./ip_address.ts";

/** What to connect, and how. */
export interface ConnectOptions {
  /** The address to connect to; no other is. */
  readonly remote: Endpoint;
  /**
   * The name that led to the address. Deno then wants the permission for the name, and resolves it
   * once more; every other address of it is passed over.
   */
  readonly name: string | undefined;
  /** The address to connect from; any if absent. */
  readonly local: Endpoint | undefined;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
}

/** Longer than any system tries to connect (ms): Node would otherwise give up much earlier. */
const LONGEST_ATTEMPT = 600_000;

const LAST_ADDRESS = { ipv4: 32n, ipv6: 128n } as const;

/**
 * Connects to an address.
 *
 * @param options What to connect, and how.
 * @returns The connection. It stays open when the peer ends its half.
 * @throws {unknown} What Node's API failed with.
 */
export async function connectTcp(options: ConnectOptions): Promise<Socket> {
  const { remote, name, local, signal } = options;
  // Loaded with the first connection, so that instances that make none do not pay for it.
  const { BlockList, connect } = await import("node:net");
  signal.throwIfAborted();
  const socket = connect({
    host: name ?? remote.host,
    port: remote.port,
    allowHalfOpen: true,
    noDelay: true,
    signal,
    ...(local !== undefined && { localAddress: local.host, localPort: local.port }),
    ...(name !== undefined && {
      blockList: allBut(remote.host, new BlockList()),
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: LONGEST_ATTEMPT,
    }),
  });
  const connected = new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    // Never taken off: an error that nobody listens to would end the worker.
    socket.on("error", reject);
    socket.once("close", () => reject(signal.reason));
  });
  await connected;
  if (canonicalHost(socket.remoteAddress ?? "") !== canonicalHost(remote.host)) {
    socket.destroy();
    throw new Error(`Connected to ${socket.remoteAddress} instead of ${remote.host}`);
  }
  return socket;
}

/** Adds every address but one. */
function allBut(host: string, list: BlockList): BlockList {
  const family = host.includes(":") ? "ipv6" : "ipv4";
  if (family === "ipv4") list.addSubnet("::", 0, "ipv6");
  else list.addSubnet("0.0.0.0", 0, "ipv4");
  const base = parseIpAddress(host)?.base ?? 0n;
  const end = (1n << LAST_ADDRESS[family]) - 1n;
  const text = (value: bigint) => addressOf(value, family);
  if (base > 0n) list.addRange(text(0n), text(base - 1n), family);
  if (base < end) list.addRange(text(base + 1n), text(end), family);
  return list;
}

function addressOf(base: bigint, family: IpAddressFamily): string {
  return family === "ipv4"
    ? formatNetwork({ version: 4, base, prefix: 32 })
    : formatNetwork({ version: 6, base, prefix: 128 }).replace(/^\[|\]$/g, "");
}
