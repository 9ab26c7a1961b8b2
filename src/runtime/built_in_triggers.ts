/**
 * The trigger types that come with Gyre.
 *
 * @module
 */

import { commandTrigger } from "../triggers/command/command_trigger.ts";
import { cronTrigger } from "../triggers/cron/cron_trigger.ts";
import { timerTrigger } from "../triggers/timer/timer_trigger.ts";
import type { Trigger } from "../triggers/trigger.ts";

/** The trigger types that come with Gyre. */
export const builtInTriggers: readonly Trigger[] = [commandTrigger, cronTrigger, timerTrigger];
