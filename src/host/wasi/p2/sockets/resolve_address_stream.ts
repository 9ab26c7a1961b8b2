import { Condition } from "../io/condition.ts";
import { ReadinessPollable } from "../io/readiness_pollable.ts";
import type { Pollable } from "../io/pollable.ts";
import type { IpAddress } from "./ip_address.ts";
import { Operation } from "./operation.ts";

/** The resource `wasi:sockets/ip-name-lookup.resolve-address-stream`. */
export class ResolveAddressStream {
  readonly #operation: Operation<readonly IpAddress[]>;
  readonly #settled = new Condition(() => this.#operation.isSettled);
  readonly #signal: AbortSignal;
  #next = 0;

  /**
   * Creates a stream.
   *
   * @param addresses What the lookup will find.
   * @param signal Ends every wait on it.
   */
  constructor(addresses: Promise<readonly IpAddress[]>, signal: AbortSignal) {
    this.#operation = new Operation(addresses, () => this.#settled.changed());
    this.#signal = signal;
  }

  /**
   * Gives the next address.
   *
   * @returns The address; `undefined` after the last.
   * @throws `would-block`, or why the name has no address
   */
  resolveNextAddress(): IpAddress | undefined {
    const addresses = this.#operation.finish();
    return addresses[this.#next++];
  }

  /** Makes a pollable that is ready when {@linkcode resolveNextAddress} has something to say. */
  subscribe(): Pollable {
    return new ReadinessPollable(this.#settled, this.#signal);
  }
}
