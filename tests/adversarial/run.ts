/**
 * Makes every attempt and prints how many there were and which wall held: the policy with Deno's
 * permissions behind it, Deno's permissions alone, and, to show that the attempts are worth the name,
 * neither.
 *
 * @module
 */

import type { Attempt } from "./attempt.ts";
import { attempts } from "./attempts.ts";
import { EvilCode, Fortress, type Walls } from "./fortress.ts";
import { type Ending, resist } from "./resist.ts";
import { createSite } from "./site.ts";

const code = new EvilCode();
const expressible = attempts.filter(({ wallTwo }) => wallTwo instanceof RegExp);
const both = await endings(attempts, { policy: true, deno: true });
const second = await endings(expressible, { policy: false, deno: true });
const neither = await endings(expressible, { policy: false, deno: false });
const held = both.filter((ending) => holds(ending, ending.attempt.wallOne));
const heldAlone = second.filter((ending) => holds(ending, ending.attempt.wallTwo));
const successes = neither.filter(({ end, harm }) => end.startsWith("SPOILS") || harm !== "");
write(`${attempts.length} attempts, ${held.length} held by the policy\n`);
write(
  `${expressible.length} that Deno's permissions can express, ${heldAlone.length} held by them alone\n`,
);
write(`${successes.length} of those succeed where neither stands\n`);
for (const { attempt, end, harm } of both.filter((ending) => !held.includes(ending))) {
  write(`NOT HELD ${attempt.kind}: ${attempt.name}: ${end} ${harm}\n`);
}
Deno.exitCode = held.length === both.length && heldAlone.length === second.length ? 0 : 1;

/** Each attempt has a site of its own where it may do damage. */
async function endings(list: readonly Attempt[], walls: Walls): Promise<readonly Ending[]> {
  const done: Ending[] = [];
  const isShared = walls.policy || walls.deno;
  for (const part of isShared ? [list] : list.map((attempt) => [attempt])) {
    await using site = await createSite();
    await using fortress = new Fortress(code, site, walls);
    for (const attempt of part) {
      done.push(await resist(attempt, { fortress, site, policy: walls.policy }));
    }
  }
  return done;
}

function holds({ end, harm }: Ending, expected: Attempt["wallTwo"]): boolean {
  return expected instanceof RegExp && expected.test(end.replace(/^died /, "")) && harm === "";
}

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
