/**
 * Many mutants, batch after batch, and what they did in all.
 *
 * @module
 */

import { rawGuestFile } from "../support/test_kit/raw_guest.ts";
import { guest, type GuestName } from "../support/guests.ts";
import { runBatch } from "./batch.ts";
import { type Verdict, VERDICTS } from "./verdict.ts";

/** What is tried. */
export interface Campaign {
  /** How many mutants of small components. */
  readonly small: number;
  /** How many mutants of components with a whole language engine in them. */
  readonly large: number;
  /** Added to every seed, to try others. Default: 0. */
  readonly firstSeed?: number;
  /** Is told after each batch how many mutants were tried. */
  readonly onProgress?: (tried: number) => void;
}

/** What came of it. */
export interface CampaignResult {
  /** How many mutants ended in which way. */
  readonly counts: Readonly<Record<Verdict["kind"], number>>;
  /** One sentence for whatever must not happen, with the seed. */
  readonly faults: readonly string[];
  /** How much memory a process held at most, in bytes. */
  readonly rss: number;
  /** The slowest mutant, in ms. */
  readonly slowest: number;
}

const SMALL: readonly GuestName[] = [
  "wat-echo",
  "wat-count",
  "wat-stdout",
  "wat-div",
  "wat-exit",
  "wat-ok-result",
  "wat-err-result",
  "wat-two-versions",
];
const LARGE: readonly GuestName[] = ["qjs-echo", "qjs-probe"];
/** How many mutants one process tries. */
const BATCH_SIZE = 250;
const CONCURRENCY = 6;
/** How much memory a process may hold, in bytes; the guests' own limits are far below. */
const MAXIMUM_RSS = 2 * 2 ** 30;

/**
 * Tries mutants in processes of their own.
 *
 * @param campaign What is tried.
 * @returns What came of it.
 */
export async function runCampaign(campaign: Campaign): Promise<CampaignResult> {
  const { small, large, firstSeed = 0, onProgress } = campaign;
  const verdicts: Verdict[] = [];
  const faults: string[] = [];
  let rss = 0;
  const { path: raw } = await rawGuestFile();
  const ancestry = [
    { count: small, ancestors: await Promise.all(SMALL.map(guest)) },
    { count: large, ancestors: [...await Promise.all(LARGE.map(guest)), raw] },
  ];
  for (const { count, ancestors } of ancestry) {
    for (let start = 0; start < count; start += BATCH_SIZE) {
      const length = Math.min(BATCH_SIZE, count - start);
      const seeds = Array.from({ length }, (_, index) => firstSeed + start + index);
      const batch = await tryBatch(seeds, ancestors);
      verdicts.push(...batch.verdicts);
      faults.push(...batch.faults);
      rss = Math.max(rss, batch.rss);
      onProgress?.(verdicts.length);
    }
  }
  return {
    counts: countsOf(verdicts),
    faults,
    rss,
    slowest: Math.max(0, ...verdicts.map(({ duration }) => duration)),
  };
}

async function tryBatch(
  seeds: readonly number[],
  ancestors: readonly string[],
): Promise<
  {
    readonly verdicts: readonly Verdict[];
    readonly faults: readonly string[];
    readonly rss: number;
  }
> {
  const parent = await Deno.makeTempDir({ prefix: "gyre-fuzz-" });
  const directory = `${parent}/own`;
  await Deno.mkdir(directory);
  try {
    const batch = { subjects: seeds, ancestors, directory, concurrency: CONCURRENCY };
    const { verdicts, unfinished, unhandled, rss, survived, stderr } = await runBatch(batch);
    const faults = [...verdicts].filter(([, { kind }]) => kind === "fault")
      .map(([id, { reason }]) => `${id}: ${reason}`);
    faults.push(...unhandled.map((reason) => `Never handled: ${reason}`));
    const tried = `seeds ${seeds[0]} to ${seeds.at(-1)}`;
    if (!survived) {
      faults.push(
        `The process of ${tried} died over one of ${unfinished.join(", ")}: ${stderr.slice(-500)}`,
      );
    } else if (verdicts.size !== seeds.length) {
      faults.push(`Of ${tried} only ${verdicts.size} ended`);
    }
    if (rss > MAXIMUM_RSS) faults.push(`The process of ${tried} held ${rss} bytes`);
    const left = [...Deno.readDirSync(directory)].map(({ name }) => name);
    if (left.length > 0) faults.push(`The process of ${tried} left ${left.join(", ")}`);
    return { verdicts: [...verdicts.values()], faults, rss };
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

function countsOf(verdicts: readonly Verdict[]): Record<Verdict["kind"], number> {
  const counts = Object.fromEntries(VERDICTS.map((kind) => [kind, 0])) as Record<
    Verdict["kind"],
    number
  >;
  for (const { kind } of verdicts) counts[kind]++;
  return counts;
}
