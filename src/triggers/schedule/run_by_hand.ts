import type { Clock } from "../../clock.ts";
import type { RunLine } from "../../services/ledger/run_record.ts";
import { runResult } from "../run_result.ts";
import type { ScheduleEntry } from "./schedule_entry.ts";
import { tickEvent } from "./tick_event.ts";

/**
 * Runs a trigger once, now, whatever its schedule says, and keeps that in the ledger.
 *
 * @param entry The trigger.
 * @param clock Gives the time.
 */
export async function runByHand(
  { trigger, policy }: Pick<ScheduleEntry, "trigger" | "policy">,
  clock: Clock,
): Promise<void> {
  const started = clock.now();
  const lines: RunLine[] = [];
  const event = tickEvent({ scheduled: started, attempt: 1 }, trigger.id, policy);
  const outcome = await trigger.dispatch({
    ...event,
    onOutput: (output) => lines.push({ attempt: 1, ...output }),
  });
  const finished = clock.now();
  trigger.runs.record({ started, finished, result: runResult(outcome), lines });
}
