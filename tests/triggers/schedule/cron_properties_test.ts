/**
 * What holds for random cron expressions around the changes of the clocks in many zones.
 *
 * @module
 */

import assert from "node:assert/strict";
import { cronSchedule } from "../../../src/triggers/schedule/cron_schedule.ts";
import { SeededRandom } from "../../guest/seeded_random.ts";
import { randomCron, ticksBetween } from "./cron_oracle.ts";

const HOUR = 3_600_000;
const SPAN = 60 * HOUR;
const CASES_PER_ZONE = 25;
const FIRST_YEAR = Date.UTC(1975, 0, 1);
const LAST_YEAR = Date.UTC(2037, 0, 1);

const ZONES = [
  "UTC",
  "Europe/Paris",
  "Europe/London",
  "America/New_York",
  "America/St_Johns", // changed at 00:01 until 2011
  "America/Havana", // changes at midnight
  "America/Santiago", // changes at midnight
  "America/Nuuk", // changes at the end of a Saturday
  "America/Sao_Paulo", // changed at midnight until 2019
  "Africa/Casablanca", // changes for Ramadan
  "Antarctica/Troll", // changes by two hours
  "Australia/Lord_Howe", // changes by half an hour
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Asia/Pyongyang", // moved by half an hour in 2015 and 2018
  "Pacific/Apia", // left out a day in 2011
  "Pacific/Chatham",
];

/** A moment up to two days before a change of the zone's clocks, or any if it has none. */
function randomStart(random: SeededRandom, zone: string): number {
  const time = FIRST_YEAR + random.below((LAST_YEAR - FIRST_YEAR) / 1_000) * 1_000;
  const change = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone)
    .getTimeZoneTransition("next")?.epochMilliseconds;
  return (change ?? time) - random.below(48 * HOUR);
}

for (const [index, zone] of ZONES.entries()) {
  Deno.test(`cronSchedule() has the ticks that fit, and no other, in ${zone}`, () => {
    const random = new SeededRandom(index + 1);
    let found = 0;
    for (let number = 0; number < CASES_PER_ZONE; number++) {
      const cron = randomCron(random);
      const after = randomStart(random, zone);
      const to = after + SPAN;
      const where = `${cron.expression} in ${zone} after ${new Date(after).toISOString()}`;
      const { next } = cronSchedule({ expression: cron.expression, timezone: zone });
      const ticks: number[] = [];
      for (let tick = next(after); tick !== undefined && tick <= to; tick = next(tick)) {
        assert.ok(tick > (ticks.at(-1) ?? after), `${where} goes back`);
        assert.equal(next(tick - 1), tick, `${where} is not stable`);
        ticks.push(tick);
      }
      assert.deepEqual(asTexts(ticks), asTexts(ticksBetween(cron, zone, { after, to })), where);
      found += ticks.length;
      // Wherever one starts to look between two ticks, the second one is the next.
      for (
        const [earlier, later] of ticks.map((tick, i) => [ticks[i - 1] ?? after, tick] as const)
      ) {
        const between = earlier + random.below(later - earlier);
        assert.equal(next(between), later, `${where}, looked for from ${between}`);
      }
    }
    assert.ok(found > CASES_PER_ZONE, "the cases have ticks");
  });
}

Deno.test("cronSchedule() finds the ticks of expressions that are due once in some years", () => {
  const random = new SeededRandom(99);
  const zones = ZONES.filter((zone) => zone !== "UTC");
  for (let number = 0; number < 40; number++) {
    const zone = random.pick(zones);
    const [month, day, hour, minute] = [
      1 + random.below(12),
      29,
      random.below(24),
      random.below(60),
    ];
    const expression = `${minute} ${hour} ${day} ${month} *`;
    const { next } = cronSchedule({ expression, timezone: zone });
    let tick = next(Date.UTC(2013, 0, 1) + random.below(SPAN));
    for (let year = 0; year < 5; year++) {
      assert.ok(tick !== undefined, expression);
      const local = Temporal.Instant.fromEpochMilliseconds(tick).toZonedDateTimeISO(zone);
      const wanted = Temporal.PlainDateTime.from({ year: local.year, month, day, hour, minute });
      // In a gap, `Temporal` goes on by its length, and the tick is at its end, which is not later.
      const expected = wanted.toZonedDateTime(zone);
      if (expected.toPlainDateTime().equals(wanted)) {
        assert.equal(tick, expected.epochMilliseconds, `${expression} in ${zone}`);
      } else assert.ok(tick <= expected.epochMilliseconds, `${expression} in ${zone}`);
      const following = next(tick);
      const years = month === 2 ? 4 : 1;
      assert.equal(
        new Date(following ?? 0).getUTCFullYear() - new Date(tick).getUTCFullYear(),
        years,
      );
      tick = following;
    }
  }
});

function asTexts(times: readonly number[]): readonly string[] {
  return times.map((time) => new Date(time).toISOString());
}
