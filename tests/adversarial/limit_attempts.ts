import type { Attempt } from "./attempt.ts";

const NO_LIMIT = { notExpressible: "Deno's permissions bound neither time nor memory" };
const TRAP = /^trap /;
const TIMEOUT = /^timeout/;

/** What the guest does with itself, by the modes of the raw guest, and how that ends. */
const MISDEEDS: Readonly<Record<string, readonly [mode: number, value: number, end: RegExp]>> = {
  "loops for ever": [1, 0, TIMEOUT],
  "recurses for ever": [2, 0, TRAP],
  "grows its memory as far as it goes": [3, 0, /^got [1-9]\d{0,4}$/],
  "writes all of its memory for ever": [4, 2_000, TIMEOUT],
  "grows its table as far as it goes": [5, 100_000, /^(got \d+|timeout)/],
  "reaches what must not be reached": [6, 0, TRAP],
  "divides by zero": [7, 0, TRAP],
  "reads beyond its memory": [8, 0, TRAP],
  "calls nothing": [9, 0, TRAP],
  "asks for more memory for ever": [10, 0, TIMEOUT],
  "calls itself at its end for ever": [11, 0, TIMEOUT],
  "calls the host for ever": [12, 0, TIMEOUT],
};

/** Components that do harm before anything of them is called. */
const STARTS: Readonly<Record<string, readonly [component: string, end: RegExp]>> = {
  "loops in its start function": ["start-loop", TIMEOUT],
  "traps in its start function": ["start-trap", TRAP],
  "recurses in its start function": ["start-recurse", TRAP],
  "grows its memory in its start function": ["start-grow", /^(nothing|trap)/],
  "fills the heap with objects": ["gc-heap", /^(trap|timeout)/],
  "fills the heap with arrays": ["gc-arrays", /^(trap|timeout)/],
  "throws what nobody catches": ["throw", /^(trap|refused)/],
};

/** Everything that is tried with time and memory. */
export const limitAttempts: readonly Attempt[] = [
  ...Object.entries(MISDEEDS).map(([name, [mode, value, end]]): Attempt => ({
    name,
    kind: "time and memory",
    run: async ({ guest }) => await guest.callExport("misbehave", mode, value),
    wallOne: end,
    wallTwo: NO_LIMIT,
    timeout: 500,
  })),
  ...Object.entries(STARTS).map(([name, [component, end]]): Attempt => ({
    name,
    kind: "time and memory",
    component,
    run: async ({ guest }) => await guest.callExport("run"),
    wallOne: end,
    wallTwo: NO_LIMIT,
    timeout: 1_000,
  })),
];
