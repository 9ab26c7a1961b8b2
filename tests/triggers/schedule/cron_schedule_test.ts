/**
 * Where cron expressions have their ticks. Every expected moment was worked out by hand, from the
 * rules of the zones.
 *
 * @module
 */

import assert from "node:assert/strict";
import { cronSchedule } from "../../../src/triggers/schedule/cron_schedule.ts";

/** An expression, its zone, where to start, and the ticks from there on, in UTC. */
type Row = readonly [expression: string, zone: string, after: string, ticks: readonly string[]];

function ticksOf([expression, timezone, after, expected]: Row): readonly string[] {
  const schedule = cronSchedule({ expression, timezone });
  const ticks: string[] = [];
  let from: number | undefined = Date.parse(after);
  while (ticks.length < expected.length) {
    from = schedule.next(from);
    if (from === undefined) return [...ticks, "none"];
    ticks.push(new Date(from).toISOString().replace(":00.000Z", "Z"));
  }
  return ticks;
}

function testRows(title: string, rows: readonly Row[]): void {
  for (const row of rows) {
    Deno.test(`cronSchedule() ${title}: ${row[0]} in ${row[1]} after ${row[2]}`, () => {
      assert.deepEqual(ticksOf(row), row[3]);
    });
  }
}

// Paris: at 2026-03-29T01:00Z from 02:00 (+1) to 03:00 (+2).
// New York: at 2026-03-08T07:00Z from 02:00 (-5) to 03:00 (-4).
// Lord Howe: at 2026-10-03T15:30Z from 02:00 (+10:30) to 02:30 (+11).
testRows("moves a named time that a gap leaves out to the end of the gap", [
  [
    "30 2 * * *",
    "Europe/Paris",
    "2026-03-27T12:00Z",
    ["2026-03-28T01:30Z", "2026-03-29T01:00Z", "2026-03-30T00:30Z"],
  ],
  [
    "0 30 2 * * *",
    "America/New_York",
    "2026-03-07T12:00Z",
    ["2026-03-08T07:00Z", "2026-03-09T06:30Z"],
  ],
  [
    "15 2 * * *",
    "Australia/Lord_Howe",
    "2026-10-02T14:00Z",
    ["2026-10-02T15:45Z", "2026-10-03T15:30Z", "2026-10-04T15:15Z"],
  ],
  // Several named times in one gap are one tick, together with one at its end.
  ["0,30 2 * * *", "Europe/Paris", "2026-03-29T00:00Z", ["2026-03-29T01:00Z", "2026-03-30T00:00Z"]],
  ["0 2,3 * * *", "Europe/Paris", "2026-03-29T00:00Z", ["2026-03-29T01:00Z", "2026-03-30T00:00Z"]],
  [
    "30 1-3 * * *",
    "Europe/Paris",
    "2026-03-28T12:00Z",
    ["2026-03-29T00:30Z", "2026-03-29T01:00Z", "2026-03-29T01:30Z", "2026-03-29T23:30Z"],
  ],
  // Only that day.
  ["30 2 29 3 *", "Europe/Paris", "2026-01-01T00:00Z", ["2026-03-29T01:00Z", "2027-03-29T00:30Z"]],
  ["0 30 2 29 3 * 2026", "Europe/Paris", "2026-01-01T00:00Z", ["2026-03-29T01:00Z", "none"]],
  // A start in the last second before the gap, and at its end.
  ["30 2 * * *", "Europe/Paris", "2026-03-29T00:59:59.999Z", ["2026-03-29T01:00Z"]],
  ["30 2 * * *", "Europe/Paris", "2026-03-29T01:00Z", ["2026-03-30T00:30Z"]],
]);

testRows("runs a named midnight that a gap leaves out when the day begins", [
  // Havana: at 2026-03-08T05:00Z from 00:00 (-5) to 01:00 (-4).
  [
    "0 0 * * *",
    "America/Havana",
    "2026-03-06T12:00Z",
    ["2026-03-07T05:00Z", "2026-03-08T05:00Z", "2026-03-09T04:00Z"],
  ],
  // Santiago: at 2026-09-06T04:00Z from 00:00 (-4) to 01:00 (-3).
  [
    "0 0 * * *",
    "America/Santiago",
    "2026-09-04T12:00Z",
    ["2026-09-05T04:00Z", "2026-09-06T04:00Z", "2026-09-07T03:00Z"],
  ],
  // Nuuk: at 2026-03-29T01:00Z from 23:00 (-2) on Saturday to 00:00 (-1) on Sunday.
  [
    "30 23 * * *",
    "America/Nuuk",
    "2026-03-27T12:00Z",
    ["2026-03-28T01:30Z", "2026-03-29T01:00Z", "2026-03-30T00:30Z"],
  ],
]);

testRows("has no tick for a time in a gap if the expression takes any", [
  [
    "*/15 * * * *",
    "Europe/Paris",
    "2026-03-29T00:30Z",
    ["2026-03-29T00:45Z", "2026-03-29T01:00Z", "2026-03-29T01:15Z"],
  ],
  [
    "0 */2 * * *",
    "Europe/Paris",
    "2026-03-28T22:50Z",
    ["2026-03-28T23:00Z", "2026-03-29T02:00Z", "2026-03-29T04:00Z"],
  ],
  ["*/30 2 * * *", "Europe/Paris", "2026-03-28T12:00Z", ["2026-03-30T00:00Z", "2026-03-30T00:30Z"]],
  [
    "30 * * * *",
    "Australia/Lord_Howe",
    "2026-10-03T14:00Z",
    ["2026-10-03T15:00Z", "2026-10-03T15:30Z", "2026-10-03T16:30Z"],
  ],
  [
    "*/20 * * * * *",
    "America/New_York",
    "2026-03-08T06:59:30Z",
    ["2026-03-08T06:59:40.000Z", "2026-03-08T07:00Z", "2026-03-08T07:00:20.000Z"],
  ],
  ["* * 2 * * *", "Europe/Paris", "2026-03-28T02:00Z", ["2026-03-30T00:00Z"]],
]);

// Paris: at 2026-10-25T01:00Z from 03:00 (+2) back to 02:00 (+1).
// New York: at 2026-11-01T06:00Z from 02:00 (-4) back to 01:00 (-5).
// Lord Howe: at 2026-04-04T15:00Z from 02:00 (+11) back to 01:30 (+10:30).
testRows("has a named time that comes twice once, the first time", [
  [
    "30 2 * * *",
    "Europe/Paris",
    "2026-10-24T12:00Z",
    ["2026-10-25T00:30Z", "2026-10-26T01:30Z"],
  ],
  [
    "0 30 1 * * *",
    "America/New_York",
    "2026-10-31T12:00Z",
    ["2026-11-01T05:30Z", "2026-11-02T06:30Z"],
  ],
  [
    "45 1 * * *",
    "Australia/Lord_Howe",
    "2026-04-03T12:00Z",
    ["2026-04-03T14:45Z", "2026-04-04T14:45Z", "2026-04-05T15:15Z"],
  ],
  [
    "0,30 2 * * *",
    "Europe/Paris",
    "2026-10-24T12:00Z",
    ["2026-10-25T00:00Z", "2026-10-25T00:30Z", "2026-10-26T01:00Z"],
  ],
  [
    "30 1-3 * * *",
    "Europe/Paris",
    "2026-10-24T12:00Z",
    ["2026-10-24T23:30Z", "2026-10-25T00:30Z", "2026-10-25T02:30Z"],
  ],
  // Havana: at 2026-11-01T05:00Z from 01:00 (-4) back to 00:00 (-5).
  [
    "0 0 * * *",
    "America/Havana",
    "2026-10-31T00:00Z",
    ["2026-10-31T04:00Z", "2026-11-01T04:00Z", "2026-11-02T05:00Z"],
  ],
  // Nuuk: at 2026-10-25T01:00Z from 00:00 (-1) on Sunday back to 23:00 (-2) on Saturday.
  [
    "30 23 * * *",
    "America/Nuuk",
    "2026-10-24T12:00Z",
    ["2026-10-25T00:30Z", "2026-10-26T01:30Z"],
  ],
  ["0 0 * * *", "America/Nuuk", "2026-10-24T12:00Z", ["2026-10-25T02:00Z", "2026-10-26T02:00Z"]],
  // Starts in the first and in the second of the two hours.
  ["30 2 * * *", "Europe/Paris", "2026-10-25T00:30Z", ["2026-10-26T01:30Z"]],
  ["30 2 * * *", "Europe/Paris", "2026-10-25T01:10Z", ["2026-10-26T01:30Z"]],
  ["59 2 * * *", "Europe/Paris", "2026-10-25T01:00Z", ["2026-10-26T01:59Z"]],
  ["0 3 * * *", "Europe/Paris", "2026-10-25T01:10Z", ["2026-10-25T02:00Z"]],
  ["30 2 25 10 *", "Europe/Paris", "2026-01-01T00:00Z", ["2026-10-25T00:30Z", "2027-10-25T00:30Z"]],
]);

testRows("has a time that comes twice twice if the expression takes any", [
  [
    "*/30 * * * *",
    "Europe/Paris",
    "2026-10-25T00:15Z",
    ["2026-10-25T00:30Z", "2026-10-25T01:00Z", "2026-10-25T01:30Z", "2026-10-25T02:00Z"],
  ],
  [
    "*/30 2 * * *",
    "Europe/Paris",
    "2026-10-24T23:50Z",
    [
      ...["2026-10-25T00:00Z", "2026-10-25T00:30Z", "2026-10-25T01:00Z", "2026-10-25T01:30Z"],
      "2026-10-26T01:00Z",
    ],
  ],
  [
    "0 */2 * * *",
    "Europe/Paris",
    "2026-10-24T21:50Z",
    ["2026-10-24T22:00Z", "2026-10-25T00:00Z", "2026-10-25T01:00Z", "2026-10-25T03:00Z"],
  ],
  [
    "*/15 * * * *",
    "Australia/Lord_Howe",
    "2026-04-04T14:35Z",
    ["2026-04-04T14:45Z", "2026-04-04T15:00Z", "2026-04-04T15:15Z", "2026-04-04T15:30Z"],
  ],
  // All fits are in the first hour already passed; the second is still to come.
  [
    "*/45 2 25 10 *",
    "Europe/Paris",
    "2026-10-25T00:50Z",
    ["2026-10-25T01:00Z", "2026-10-25T01:45Z", "2027-10-25T00:00Z"],
  ],
]);

testRows("follows zones that never change their clocks, and UTC", [
  ["30 2 * * *", "UTC", "2026-03-29T00:00Z", ["2026-03-29T02:30Z", "2026-03-30T02:30Z"]],
  ["0 9 * * *", "Asia/Kolkata", "2026-03-29T00:00Z", ["2026-03-29T03:30Z", "2026-03-30T03:30Z"]],
  ["0 * * * *", "Asia/Kathmandu", "2026-03-29T00:00Z", ["2026-03-29T00:15Z", "2026-03-29T01:15Z"]],
  ["0 0 1 1 *", "Pacific/Kiritimati", "2026-06-01T00:00Z", ["2026-12-31T10:00Z"]],
]);

// Apia had no 30 December 2011: at 2011-12-30T10:00Z from 00:00 on the 30th (-10) to 00:00 on the 31st
// (+14). The zone has been at +13 since, with daylight saving time until 2021.
testRows("does not make up for a day that a zone left out", [
  [
    "0 12 * * *",
    "Pacific/Apia",
    "2011-12-28T23:00Z",
    ["2011-12-29T22:00Z", "2011-12-30T22:00Z", "2011-12-31T22:00Z"],
  ],
  ["30 12 30 12 *", "Pacific/Apia", "2011-12-01T00:00Z", ["2012-12-29T22:30Z"]],
  [
    "0 */12 * * *",
    "Pacific/Apia",
    "2011-12-29T21:00Z",
    ["2011-12-29T22:00Z", "2011-12-30T10:00Z", "2011-12-30T22:00Z"],
  ],
]);

testRows("knows the calendar", [
  // 2000 was a leap year, and 2100 is none.
  ["0 0 29 2 *", "UTC", "2026-01-01T00:00Z", ["2028-02-29T00:00Z", "2032-02-29T00:00Z"]],
  ["0 0 29 2 *", "UTC", "2096-01-01T00:00Z", ["2096-02-29T00:00Z", "2104-02-29T00:00Z"]],
  ["0 0 29 2 *", "Europe/Paris", "2096-03-01T00:00Z", ["2104-02-28T23:00Z"]],
  [
    "0 0 31 * *",
    "UTC",
    "2026-01-01T00:00Z",
    ["2026-01-31T00:00Z", "2026-03-31T00:00Z", "2026-05-31T00:00Z", "2026-07-31T00:00Z"],
  ],
  ["0 0 L * *", "UTC", "2027-12-01T00:00Z", [
    "2027-12-31T00:00Z",
    "2028-01-31T00:00Z",
    "2028-02-29T00:00Z",
  ]],
  // 15 August 2026 is a Saturday, 15 November 2026 a Sunday, 15 December 2026 a Tuesday.
  [
    "0 0 15W * *",
    "UTC",
    "2026-08-01T00:00Z",
    ["2026-08-14T00:00Z", "2026-09-15T00:00Z", "2026-10-15T00:00Z", "2026-11-16T00:00Z"],
  ],
  // 1 August 2026 is a Saturday: the nearest weekday of that month is the 3rd.
  ["0 0 1W 8 *", "UTC", "2026-01-01T00:00Z", ["2026-08-03T00:00Z"]],
  // 31 January and 28 February 2026 are Saturdays.
  ["0 0 LW * *", "UTC", "2026-01-01T00:00Z", [
    "2026-01-30T00:00Z",
    "2026-02-27T00:00Z",
    "2026-03-31T00:00Z",
  ]],
  ["0 0 * * MON#1", "UTC", "2026-11-23T00:00Z", ["2026-12-07T00:00Z", "2027-01-04T00:00Z"]],
  ["0 0 * * MON#5", "UTC", "2026-11-01T00:00Z", ["2026-11-30T00:00Z", "2027-03-29T00:00Z"]],
  ["0 0 * * FRI#L", "UTC", "2026-11-23T00:00Z", ["2026-11-27T00:00Z", "2026-12-25T00:00Z"]],
  ["0 0 * * 5L", "UTC", "2026-11-23T00:00Z", ["2026-11-27T00:00Z", "2026-12-25T00:00Z"]],
]);

// 1 January 2026 is a Thursday.
testRows("knows the days of the week", [
  ["0 0 * * 0", "UTC", "2026-01-01T00:00Z", ["2026-01-04T00:00Z", "2026-01-11T00:00Z"]],
  ["0 0 * * 7", "UTC", "2026-01-01T00:00Z", ["2026-01-04T00:00Z", "2026-01-11T00:00Z"]],
  ["0 0 * * SUN", "UTC", "2026-01-01T00:00Z", ["2026-01-04T00:00Z", "2026-01-11T00:00Z"]],
  ["0 0 * * fri-sun", "UTC", "2026-01-01T00:00Z", [
    "2026-01-02T00:00Z",
    "2026-01-03T00:00Z",
    "2026-01-04T00:00Z",
  ]],
  ["0 0 * * 5-7", "UTC", "2026-01-01T00:00Z", [
    "2026-01-02T00:00Z",
    "2026-01-03T00:00Z",
    "2026-01-04T00:00Z",
  ]],
  // The day of the week is that of the zone: Monday begins in Auckland on Sunday at 11:00 UTC.
  ["0 0 * * MON", "Pacific/Auckland", "2026-01-01T00:00Z", ["2026-01-04T11:00Z"]],
]);

testRows("takes a day that either field fits if both are restricted", [
  ["0 0 13 * FRI", "UTC", "2026-01-08T00:00Z", [
    "2026-01-09T00:00Z",
    "2026-01-13T00:00Z",
    "2026-01-16T00:00Z",
  ]],
  ["0 0 13 * *", "UTC", "2026-01-08T00:00Z", ["2026-01-13T00:00Z", "2026-02-13T00:00Z"]],
  ["0 0 * * FRI", "UTC", "2026-01-08T00:00Z", ["2026-01-09T00:00Z", "2026-01-16T00:00Z"]],
  ["0 0 13 * ?", "UTC", "2026-01-08T00:00Z", ["2026-01-13T00:00Z", "2026-02-13T00:00Z"]],
  ["0 0 ? * FRI", "UTC", "2026-01-08T00:00Z", ["2026-01-09T00:00Z", "2026-01-16T00:00Z"]],
  // A step restricts too: the 9th is a Friday, the others are odd.
  ["0 0 */2 * FRI", "UTC", "2026-01-13T00:00Z", [
    "2026-01-15T00:00Z",
    "2026-01-16T00:00Z",
    "2026-01-17T00:00Z",
  ]],
  // With a plus, both have to fit: the Fridays that are a 13th.
  ["0 0 13 * +FRI", "UTC", "2026-01-01T00:00Z", [
    "2026-02-13T00:00Z",
    "2026-03-13T00:00Z",
    "2026-11-13T00:00Z",
  ]],
]);

testRows("reads 5, 6 and 7 fields, and nicknames", [
  ["5 4 * * *", "UTC", "2026-01-01T00:00Z", ["2026-01-01T04:05Z"]],
  ["20 5 4 * * *", "UTC", "2026-01-01T00:00Z", ["2026-01-01T04:05:20.000Z"]],
  ["20 5 4 1 1 * 2028-2029", "UTC", "2026-01-01T00:00Z", [
    ...["2028-01-01T04:05:20.000Z", "2029-01-01T04:05:20.000Z", "none"],
  ]],
  // That of Spin's documentation: from minute 1 on every second one.
  ["0 1/2 11,12 5-10 * * *", "UTC", "2026-01-01T00:00Z", [
    "2026-01-05T11:01Z",
    "2026-01-05T11:03Z",
  ]],
  ["@yearly", "UTC", "2026-01-01T00:00Z", ["2027-01-01T00:00Z"]],
  ["@annually", "UTC", "2026-01-01T00:00Z", ["2027-01-01T00:00Z"]],
  ["@monthly", "UTC", "2026-01-01T00:00Z", ["2026-02-01T00:00Z"]],
  ["@weekly", "UTC", "2026-01-01T00:00Z", ["2026-01-04T00:00Z"]],
  ["@daily", "UTC", "2026-01-01T00:00Z", ["2026-01-02T00:00Z"]],
  ["@midnight", "UTC", "2026-01-01T00:00Z", ["2026-01-02T00:00Z"]],
  ["@Hourly", "UTC", "2026-01-01T00:00Z", ["2026-01-01T01:00Z"]],
  // A nickname names its times as the fields that it stands for do.
  ["@daily", "America/Santiago", "2026-09-05T12:00Z", ["2026-09-06T04:00Z"]],
  ["@hourly", "Europe/Paris", "2026-10-24T23:30Z", [
    "2026-10-25T00:00Z",
    "2026-10-25T01:00Z",
    "2026-10-25T02:00Z",
  ]],
]);

testRows("goes on from any part of a second", [
  ["* * * * * *", "UTC", "2026-01-01T00:00:00.001Z", ["2026-01-01T00:00:01.000Z"]],
  ["* * * * * *", "UTC", "2026-01-01T00:00:00.999Z", ["2026-01-01T00:00:01.000Z"]],
  ["* * * * * *", "UTC", "2026-01-01T00:00:01.000Z", ["2026-01-01T00:00:02.000Z"]],
  ["* * * * *", "Europe/Paris", "2026-03-29T00:59:59.999Z", ["2026-03-29T01:00Z"]],
  ["0 12 * * *", "UTC", "2026-01-01T11:59:59.999Z", ["2026-01-01T12:00Z"]],
  ["0 12 * * *", "UTC", "1969-12-31T11:59:59.500Z", ["1969-12-31T12:00Z"]],
]);

Deno.test("cronSchedule() gives one schedule to all that have an expression and a zone in common", () => {
  const options = { expression: "7 7 7 * *", timezone: "Europe/Paris" };
  assert.equal(cronSchedule(options), cronSchedule({ ...options }));
  assert.notEqual(cronSchedule(options).key, cronSchedule({ ...options, timezone: "UTC" }).key);
  assert.notEqual(
    cronSchedule(options).key,
    cronSchedule({ ...options, expression: "@daily" }).key,
  );
});

Deno.test("cronSchedule() has the same ticks after its parsed expression was dropped", () => {
  const fields = Array.from(
    { length: 2_500 }, // more than are kept
    (_, index) => [index % 60, Math.floor(index / 60) % 24, 1 + index % 28] as const,
  );
  const schedules = fields.map((times) =>
    cronSchedule({ expression: `${times.join(" ")} * *`, timezone: "UTC" })
  );
  for (const from of [Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1)]) {
    const found = schedules.map((schedule) => {
      const tick = new Date(schedule.next(from) ?? 0);
      return [tick.getUTCMinutes(), tick.getUTCHours(), tick.getUTCDate()];
    });
    assert.deepEqual(found, fields);
  }
});

Deno.test("cronSchedule() throws for what is no expression and no zone", () => {
  assert.throws(() => cronSchedule({ expression: "61 * * * *", timezone: "UTC" }), TypeError);
  assert.throws(() => cronSchedule({ expression: "* * * * *", timezone: "No/Where" }), RangeError);
});
