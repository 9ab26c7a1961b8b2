/** Something that a guest was not allowed. */
export interface Denial {
  /** What it wanted, as one would say it: `connect to https://example.com:443`. */
  readonly target: string;
  /** Why it was refused, if there is more to say than that nothing grants it. */
  readonly reason?: string;
  /** The manifest line that would allow it: `allowed_outbound_hosts = ["https://example.com"]`. */
  readonly grant: string;
}
