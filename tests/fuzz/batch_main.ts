/**
 * Tries components in a process of its own, and prints what became of each as one line of
 * JSON. It gets its work as JSON in its only argument.
 *
 * @module
 */

import { basename } from "node:path";
import type { Batch, BatchLine } from "./batch.ts";
import { giants } from "./giants.ts";
import { mutate } from "./mutate.ts";
import { tryAll } from "./trial.ts";

const batch: Batch = JSON.parse(Deno.args[0] ?? "");
const encoder = new TextEncoder();
const ancestors = await Promise.all(
  batch.ancestors.map(async (path) => ({
    name: basename(path, ".wasm"),
    bytes: await Deno.readFile(path),
  })),
);
const { subjects, directory, concurrency } = batch;
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  print({ unhandled: String(event.reason) });
});
await tryAll(
  subjects.map((subject) => {
    const id = typeof subject === "number" ? `seed-${subject}` : subject;
    return {
      id,
      get bytes() {
        print({ begun: id });
        return bytesOf(subject);
      },
    };
  }),
  { directory, concurrency },
  ({ id }, verdict) => print({ id, verdict, rss: Deno.memoryUsage().rss }),
);
print({ done: true });

function bytesOf(subject: number | string): Uint8Array {
  if (typeof subject === "number") return mutate(subject, ancestors).bytes;
  const giant = giants[subject];
  if (giant === undefined) throw new RangeError(`There is no giant "${subject}"`);
  return giant.make();
}

function print(line: BatchLine): void {
  Deno.stdout.writeSync(encoder.encode(`${JSON.stringify(line)}\n`));
}
