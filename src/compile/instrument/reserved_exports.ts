/** What a rewritten module offers to the host. */
export const RESERVED_EXPORTS = {
  /** The name of the global that holds the fuel. */
  fuel: "gyre:fuel",
  /** The name of the table of the hooks. */
  hooks: "gyre:hooks",
  /** The name of the start function, if there is one. */
  start: "gyre:start",
  /** The slot of the hook that looks at the time: the fuel that is left (i32), and new fuel. */
  checkSlot: 0,
  /**
   * The slot of the hook that grants memory: the memory (i32), the pages (i64), and 1 if it may
   * grow. Pages below zero are given back, because the memory did not grow after all.
   */
  growSlot: 1,
} as const;
