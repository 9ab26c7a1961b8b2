import assert from "node:assert/strict";
import { isTimeZone, zoneChange, zoneOffset } from "../../../src/triggers/schedule/time_zone.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

for (
  const [zone, time, offset] of [
    ["UTC", "2026-01-01T00:00Z", 0],
    ["Europe/Paris", "2026-01-01T00:00Z", HOUR],
    ["Europe/Paris", "2026-07-01T00:00Z", 2 * HOUR],
    ["America/St_Johns", "2026-01-01T00:00Z", -3.5 * HOUR],
    ["Asia/Kathmandu", "2026-01-01T00:00Z", 5.75 * HOUR],
    ["Pacific/Kiritimati", "2026-01-01T00:00Z", 14 * HOUR],
    // Liberia was 44 minutes and 30 seconds behind until 1972.
    ["Africa/Monrovia", "1970-01-01T00:00Z", -44.5 * MINUTE],
    ["Asia/Kolkata", "1969-12-31T23:59:59.999Z", 5.5 * HOUR],
  ] as const
) {
  Deno.test(`zoneOffset() is ${offset} ms in ${zone} at ${time}`, () => {
    assert.equal(zoneOffset(zone, Date.parse(time)), offset);
  });
}

Deno.test("zoneOffset() agrees with Temporal in all zones", () => {
  const moments = [0, 0.3, 0.6, 0.9].map((part) => Math.floor(part * Date.UTC(2030, 0, 1)));
  for (const zone of Intl.supportedValuesOf("timeZone")) {
    for (const moment of moments) {
      const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(moment)
        .toZonedDateTimeISO(zone);
      assert.equal(zoneOffset(zone, moment), offsetNanoseconds / 1e6, `${zone} ${moment}`);
    }
  }
});

for (
  const [zone, from, change] of [
    ["Europe/Paris", "2026-03-28T12:34:56.789Z", "2026-03-29T01:00Z"],
    ["Europe/Paris", "2026-10-25T00:59:59.999Z", "2026-10-25T01:00Z"],
    ["Australia/Lord_Howe", "2026-10-02T20:00Z", "2026-10-03T15:30Z"],
    ["Pacific/Apia", "2011-12-29T00:00Z", "2011-12-30T10:00Z"],
  ] as const
) {
  Deno.test(`zoneChange() finds the change of ${zone} after ${from}`, () => {
    const begin = Date.parse(from);
    const span = { from: begin, to: begin + 48 * HOUR, offset: zoneOffset(zone, begin) };
    assert.equal(zoneChange(zone, span), Date.parse(change));
  });
}

Deno.test("isTimeZone() knows the platform's zones, and no other", () => {
  assert.ok(isTimeZone("Europe/Paris"));
  assert.ok(!isTimeZone("Europe/Atlantis"));
  assert.ok(!isTimeZone(""));
});
