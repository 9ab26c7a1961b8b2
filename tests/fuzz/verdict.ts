/** How far a mutant came, and how it ended. */
export const VERDICTS = [
  "refused at load",
  "refused at compile",
  "refused at link",
  "refused at start",
  "refused at instantiate",
  "ran ok",
  "ran with guest failure",
  "ended by its deadline",
  "fault",
] as const;

/** What became of one mutant. */
export interface Verdict {
  /** How far it came; `fault` if Gyre itself did what it should not. */
  readonly kind: (typeof VERDICTS)[number];
  /** The code or the message that it ended with; empty if it returned. */
  readonly reason: string;
  /** How long it took, in ms. */
  readonly duration: number;
}
