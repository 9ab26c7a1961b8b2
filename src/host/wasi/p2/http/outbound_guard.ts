import type { Denial } from "../../../../policy/denial.ts";
import { isPrivateAddress } from "../../../../policy/private_address.ts";
import type { GuestContext } from "../../../host_interface.ts";
import { HttpFailure } from "./http_failure.ts";
import { type RequestTarget, requestTarget } from "./request_target.ts";
import type { OutgoingRequest } from "./outgoing_request.ts";

/** Names under which components of one application would reach each other. */
const INTERNAL = ".spin.internal";

const NOT_WITHIN = "requests within an application are not supported";

/** Decides which requests of a guest go out. Every refusal is reported to the guest's context. */
export class OutboundGuard {
  readonly #guest: GuestContext;

  /**
   * Creates a guard.
   *
   * @param guest What the guest was granted.
   */
  constructor(guest: GuestContext) {
    this.#guest = guest;
  }

  /**
   * Reads where a request goes, and decides whether it may.
   *
   * @param request The request.
   * @returns The target.
   * @throws {HttpFailure} `HTTP-request-denied`, or what is wrong with the target.
   */
  target(request: OutgoingRequest): RequestTarget {
    const authority = request.authority();
    if (authority === undefined) {
      throw this.#deny({
        target: "send a request to the application itself",
        reason: NOT_WITHIN,
        grant: 'allowed_outbound_hosts = ["http://self"]',
      });
    }
    const target = requestTarget({
      scheme: request.scheme(),
      authority,
      pathWithQuery: request.pathWithQuery(),
    });
    if (target.host.endsWith(INTERNAL)) {
      throw this.#deny({ ...denialOf(target), reason: NOT_WITHIN });
    }
    if (!this.#guest.allowedHosts.check(target)) throw this.#deny(denialOf(target));
    return target;
  }

  /**
   * Decides about an address that the target's name resolved to.
   *
   * @param target The target.
   * @param address The address.
   * @returns Whether it may be connected to: a name's grant covers public addresses only.
   */
  permits(target: RequestTarget, address: string): boolean {
    if (!isPrivateAddress(address)) return true;
    if (this.#guest.allowedHosts.check({ ...target, host: address })) return true;
    this.#deny({
      ...denialOf(target),
      reason: `${target.host} is at ${address}, which is not a public address`,
      grant: grantOf({ ...target, host: address }),
    });
    return false;
  }

  /** Reports that Deno refused what the policy allowed. */
  onForbidden(target: RequestTarget): void {
    this.#deny({ ...denialOf(target), reason: "Deno's permissions do not cover it" });
  }

  #deny(denial: Denial): HttpFailure {
    this.#guest.onDenied(denial);
    return new HttpFailure({ tag: "HTTP-request-denied" });
  }
}

type Endpoint = Pick<RequestTarget, "scheme" | "host" | "port">;

function denialOf(endpoint: Endpoint): Denial {
  const { scheme, host, port } = endpoint;
  return {
    target: `connect to ${scheme}://${bracketed(host)}:${port}`,
    grant: grantOf(endpoint),
  };
}

function grantOf({ scheme, host, port }: Endpoint): string {
  // An origin leaves out the port where it is the scheme's default.
  const { origin } = new URL(`${scheme}://${bracketed(host)}:${port}`);
  return `allowed_outbound_hosts = ["${origin}"]`;
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
