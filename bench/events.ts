/**
 * What one event on fresh state costs, one at a time, from the call in the main isolate to the
 * result there.
 *
 * @module
 */

import { ExecutionContext, type IsolationName } from "../mod.ts";
import { applicationOf } from "../tests/context/application_of.ts";
import type { GuestName } from "../tests/support/guests.ts";
import type { Measurement } from "./measurement.ts";

const WARM_UP = 100;
const GUESTS: readonly (readonly [guest: GuestName, label: string, events: number])[] = [
  ["wat-echo", "WAT", 2_000],
  ["qjs-echo", "QuickJS", 500],
  ["sm-echo", "StarlingMonkey", 300],
];

/**
 * Measures events for guests of three kinds, through a locked worker and in the same isolate.
 *
 * @returns A measurement for each kind and isolation.
 */
export async function measureEvents(): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (const [name, label, events] of GUESTS) {
    for (const isolation of ["worker", "inline"] as const) {
      const samples = await timeEvents(name, { isolation, events });
      measurements.push({
        name: `event on fresh state: ${label}, ${isolation}`,
        unit: "µs",
        samples,
      });
    }
  }
  return measurements;
}

async function timeEvents(
  name: GuestName,
  { isolation, events }: { readonly isolation: IsolationName; readonly events: number },
): Promise<readonly number[]> {
  const application = await applicationOf({ components: [name] });
  await using context = await ExecutionContext.create(application, { isolation });
  const component = await context.prepareComponent(name);
  const samples: number[] = [];
  for (let event = -WARM_UP; event < events; event++) {
    const begin = performance.now();
    const result = await component.call({ export: "handle-timer-request", args: ["now"] });
    if (!result.ok) throw new Error(result.failure.message);
    if (event >= 0) samples.push((performance.now() - begin) * 1_000);
  }
  return samples;
}
