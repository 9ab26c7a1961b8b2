import assert from "node:assert/strict";
import { validateCron } from "../../../src/triggers/schedule/cron_problem.ts";

for (
  const expression of [
    ...["* * * * *", "0 30 2 * * MON-FRI", "0 0 0 1 1 * 2028", "0 1/2 11,12 5-10 * * *"],
    ...["0 0 L * *", "0 0 15W * *", "0 0 LW * *", "0 0 1,L * *", "0 0 * * MON#1", "0 0 * * FRI#L"],
    ...["0 0 ? * 7", "0 0 13 * +FRI", "0 0 * jan,JUL sun", "@hourly", "@DAILY", "  5 4 * * *  "],
  ]
) {
  Deno.test(`validateCron() finds nothing wrong with "${expression}"`, () => {
    assert.equal(validateCron(expression, "UTC"), undefined);
  });
}

for (
  const [expression, field, text] of [
    ["60 * * * *", "minutes", "60"],
    ["60 * * * * *", "seconds", "60"],
    ["*/70 * * * *", "minutes", "*/70"],
    ["*/0 * * * *", "minutes", "*/0"],
    ["0 24 * * *", "hours", "24"],
    ["0 12:30 * * *", "hours", "12:30"],
    ["0 0 0 * *", "day of the month", "0"],
    ["0 0 32 * *", "day of the month", "32"],
    ["0 0 L-2 * *", "day of the month", "L-2"],
    ["0 0 * 13 *", "month", "13"],
    ["0 0 * SEPT *", "month", "SEPT"],
    ["0 0 * * 8", "day of the week", "8"],
    ["0 0 * * MONDAY", "day of the week", "MONDAY"],
    ["0 0 * * MON#6", "day of the week", "MON#6"],
    ["0 0 0 * * * 99999", "year", "99999"],
    ["a b c d e", "minutes", "a"],
  ] as const
) {
  Deno.test(`validateCron() names the field of "${expression}" that is wrong`, () => {
    const problem = validateCron(expression, "UTC");
    assert.equal(
      problem?.message,
      `The ${field} of the cron expression "${expression}" cannot be "${text}"`,
    );
    assert.ok(problem.expected.includes('"'), "there is an example");
  });
}

for (const [expression, hint] of [["0 22-2 * * *", "22-23,0-2"], ["0 0 25-5 * *", "25-31,1-5"]]) {
  Deno.test(`validateCron() says how to write the range of "${expression}"`, () => {
    assert.equal(validateCron(String(expression), "UTC")?.hint, `Write "${hint}"`);
  });
}

for (const [expression, count] of [["", 0], ["5 4 * *", 4], ["0 0 0 1 1 * 2028 1", 8]] as const) {
  Deno.test(`validateCron() counts the fields of "${expression}"`, () => {
    assert.equal(
      validateCron(expression, "UTC")?.message,
      `The number of fields of the cron expression "${expression}" is ${count}`,
    );
  });
}

Deno.test("validateCron() takes no date for an expression", () => {
  assert.notEqual(validateCron("2026-01-05T00:00:00", "UTC"), undefined);
});

for (
  const [nickname, hint] of [
    ["@hourl", /"@hourly"/],
    ["@every 5m", /\[\[trigger\.timer\]\]/],
    ["@reboot", /\[\[trigger\.command\]\]/],
  ] as const
) {
  Deno.test(`validateCron() says what to do about "${nickname}"`, () => {
    assert.match(validateCron(nickname, "UTC")?.hint ?? "", hint);
  });
}

for (
  const expression of ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 0 29 2 * 2027", "0 0 0 1 1 * 1960"]
) {
  Deno.test(`validateCron() refuses "${expression}", which is never due`, () => {
    assert.equal(
      validateCron(expression, "UTC")?.message,
      `The cron expression "${expression}" is never due`,
    );
  });
}

for (
  const zone of [
    "UTC",
    "Europe/Paris",
    "europe/paris",
    "Asia/Calcutta",
    "America/Argentina/Ushuaia",
  ]
) {
  Deno.test(`validateCron() knows the zone ${zone}`, () => {
    assert.equal(validateCron("* * * * *", zone), undefined);
  });
}

for (
  const [zone, hint] of [
    ["Europe/Pari", 'Did you mean "Europe/Paris"?'],
    ["America/NewYork", 'Did you mean "America/New_York"?'],
    ["Tokyo", 'Did you mean "Asia/Tokyo"?'],
    ["los angeles", 'Did you mean "America/Los_Angeles"?'],
    ["Mars/Olympus", undefined],
    ["", undefined],
  ] as const
) {
  Deno.test(`validateCron() refuses the zone "${zone}"`, () => {
    const problem = validateCron("* * * * *", zone);
    assert.equal(problem?.message, `"${zone}" is no time zone`);
    assert.equal(problem.hint, hint);
  });
}
