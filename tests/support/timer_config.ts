import { type TimerConfig, timerSchema } from "../../src/triggers/timer/timer_schema.ts";

/** What the schema makes of the keys of a timer. */
export function timerConfig(entry: Readonly<Record<string, unknown>>): TimerConfig {
  return timerSchema.config.parse(entry) as TimerConfig;
}
