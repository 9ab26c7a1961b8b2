import { canonicalHost } from "../../../../policy/canonical_host.ts";
import type { HostInterface } from "../../../host_interface.ts";
import { MOST_LOOKUPS } from "./bounds.ts";
import { type InstanceSockets, instanceSockets } from "./instance_sockets.ts";
import { type IpAddress, ipAddressText, toIpAddress } from "./ip_address.ts";
import { lookupName } from "./lookup_name.ts";
import type { Network } from "./network.ts";
import { ResolveAddressStream } from "./resolve_address_stream.ts";
import { type SocketErrorCode, socketErrorCode } from "./socket_error.ts";

/** The longest name and label of the domain name system: RFC 1035, section 2.3.4. */
const LONGEST = { name: 253, label: 63 } as const;

/** `wasi:sockets/ip-name-lookup`. */
export const ipNameLookup: HostInterface = {
  id: "wasi:sockets/ip-name-lookup",
  create(guest) {
    const resolver = new Resolver(instanceSockets(guest));
    return {
      ResolveAddressStream,
      resolveAddresses: (_network: Network, name: string) =>
        new ResolveAddressStream(resolver.resolve(name), guest.signal),
    };
  },
};

/** Looks up the names that an instance's grants cover. */
class Resolver {
  readonly #sockets: InstanceSockets;
  #pending = 0;

  constructor(sockets: InstanceSockets) {
    this.#sockets = sockets;
  }

  /**
   * Begins a lookup.
   *
   * @throws `invalid-argument`, `access-denied`, and `temporary-resolver-failure` if too many
   * lookups are under way.
   */
  resolve(text: string): Promise<readonly IpAddress[]> {
    const name = domainName(text);
    const address = toIpAddress(name);
    if (address !== undefined) return Promise.resolve([address]);
    const entry = this.#sockets.guest.allowedHosts.checkName(name);
    if (entry === undefined) throw this.#denied(name);
    if (this.#pending >= MOST_LOOKUPS) throw "temporary-resolver-failure" satisfies SocketErrorCode;
    // Deno's permission for an entry names a port if the entry has only one.
    const { firstPort, lastPort } = entry;
    return this.#lookup(name, firstPort === lastPort ? firstPort : undefined);
  }

  async #lookup(name: string, port: number | undefined): Promise<readonly IpAddress[]> {
    this.#pending += 1;
    try {
      const addresses = await lookupName(name, port);
      this.#sockets.names.add(name, addresses.map(ipAddressText));
      return addresses;
    } catch (error) {
      if (socketErrorCode(error) === "access-denied") {
        this.#denied(name, "Deno's permissions do not cover it");
      }
      throw error;
    } finally {
      this.#pending -= 1;
    }
  }

  #denied(name: string, reason?: string): SocketErrorCode {
    this.#sockets.guest.onDenied({
      target: `look up ${name}`,
      ...(reason === undefined ? {} : { reason }),
      grant: `allowed_outbound_hosts = ["tcp://${name}:*"]`,
    });
    return "access-denied";
  }
}

/** Spells a name the way it is looked up: in ASCII, and without the dot of the root. */
function domainName(text: string): string {
  const name = canonicalHost(text)?.replace(/\.$/, "") ?? "";
  const labels = name.split(".");
  const isValid = name.length <= LONGEST.name &&
    labels.every((label) => label.length > 0 && label.length <= LONGEST.label);
  if (!isValid && toIpAddress(name) === undefined) {
    throw "invalid-argument" satisfies SocketErrorCode;
  }
  return name;
}
