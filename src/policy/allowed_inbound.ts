/**
 * The addresses that a component may listen on.
 *
 * @module
 */

/** An address that a guest wants to listen on. */
export interface ListenTarget {
  /** What is spoken. */
  readonly protocol: "tcp" | "udp";
  /** The IP address; IPv6 without brackets. */
  readonly host: string;
  /** The port; 0 asks for any free one. */
  readonly port: number;
}

/** The addresses that a component may listen on; whatever no entry allows is denied. */
export class AllowedInbound {
  /** The entries as text; parsing them again gives an equal object. */
  readonly entries: readonly string[];

  private constructor(entries: readonly string[]) {
    this.entries = Object.freeze(entries);
  }

  /**
   * Reads the entries of `allowed_inbound`.
   *
   * @param entries The entries, such as `tcp://127.0.0.1:7000`.
   * @returns The addresses.
   */
  static parse(entries: readonly string[]): AllowedInbound {
    return new AllowedInbound([...entries]);
  }

  /**
   * Decides about one socket.
   *
   * @param target Where the guest wants to listen.
   * @returns Whether it may.
   */
  check(target: ListenTarget): boolean {
    return this.entries.includes(`${target.protocol}://${target.host}:${target.port}`);
  }
}
