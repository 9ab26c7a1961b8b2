/**
 * Where the ticks of cron expressions are, found by trying every second, minute or named time with
 * `Temporal`: slow, and with nothing in common with what it is compared to.
 *
 * @module
 */

import type { SeededRandom } from "../../guest/seeded_random.ts";

/** One field: its text, and the values that it stands for. */
interface Field {
  readonly text: string;
  readonly values: ReadonlySet<number>;
  /** Whether it is `*`. */
  readonly isStar: boolean;
  /** Whether it lists its values, without a star or a step. */
  readonly isNamed: boolean;
}

/** An expression, and what it stands for. */
export interface RandomCron {
  readonly expression: string;
  readonly fields: Readonly<Record<"minute" | "hour" | "day" | "month" | "weekday", Field>>;
}

/** Makes a random expression of five fields. */
export function randomCron(random: SeededRandom): RandomCron {
  const fields = {
    minute: randomField(random, 0, 59),
    hour: randomField(random, 0, 23),
    day: random.below(3) === 0 ? randomField(random, 1, 31) : star(1, 31),
    month: random.below(4) === 0 ? randomField(random, 1, 12) : star(1, 12),
    weekday: random.below(3) === 0 ? randomField(random, 0, 6) : star(0, 6),
  };
  return { expression: Object.values(fields).map(({ text }) => text).join(" "), fields };
}

/** Finds all ticks after one moment and up to another, in ms since the Unix epoch. */
export function ticksBetween(cron: RandomCron, zone: string, span: {
  readonly after: number;
  readonly to: number;
}): readonly number[] {
  const { minute, hour } = cron.fields;
  return minute.isNamed && hour.isNamed
    ? namedTicks(cron, zone, span)
    : ticksOfAnyTime(cron, zone, span);
}

function ticksOfAnyTime(
  { fields }: RandomCron,
  zone: string,
  { after, to }: { readonly after: number; readonly to: number },
): readonly number[] {
  const ticks: number[] = [];
  for (let tick = Math.floor(after / 60_000) * 60_000; tick <= to; tick += 60_000) {
    const local = Temporal.Instant.fromEpochMilliseconds(tick).toZonedDateTimeISO(zone);
    const isFit = fields.minute.values.has(local.minute) && fields.hour.values.has(local.hour);
    if (tick > after && isFit && isDay(fields, local.toPlainDate())) ticks.push(tick);
  }
  return ticks;
}

function namedTicks(
  { fields }: RandomCron,
  zone: string,
  { after, to }: { readonly after: number; readonly to: number },
): readonly number[] {
  const ticks = new Set<number>();
  const dateOf = (time: number) =>
    Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone).toPlainDate();
  const last = dateOf(to).add({ days: 1 });
  let date = dateOf(after).subtract({ days: 1 });
  for (; Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 })) {
    if (!isDay(fields, date)) continue;
    for (const hour of fields.hour.values) {
      for (const minute of fields.minute.values) {
        const tick = instantOf(date.toPlainDateTime({ hour, minute }), zone);
        if (tick !== undefined && tick > after && tick <= to) ticks.add(tick);
      }
    }
  }
  return [...ticks].sort((a, b) => a - b);
}

/** The first moment at which a clock shows a time, or the end of the gap that it is in. */
function instantOf(local: Temporal.PlainDateTime, zone: string): number | undefined {
  const before = local.toZonedDateTime(zone, { disambiguation: "earlier" });
  if (before.toPlainDateTime().equals(local)) return before.epochMilliseconds;
  const change = before.getTimeZoneTransition("next");
  if (change === null) throw new Error(`No end of the gap of ${local} in ${zone}`);
  const gap = change.offsetNanoseconds - before.offsetNanoseconds;
  return gap > 3 * 3_600e9 ? undefined : change.epochMilliseconds;
}

function isDay({ day, month, weekday }: RandomCron["fields"], date: Temporal.PlainDate): boolean {
  if (!month.values.has(date.month)) return false;
  const isDayOfMonth = day.values.has(date.day);
  const isWeekday = weekday.values.has(date.dayOfWeek % 7);
  return day.isStar || weekday.isStar ? isDayOfMonth && isWeekday : isDayOfMonth || isWeekday;
}

function randomField(random: SeededRandom, least: number, most: number): Field {
  const any = () => least + random.below(most - least + 1);
  switch (random.below(5)) {
    case 0:
      return star(least, most);
    case 1: {
      const step = 1 + random.below(Math.floor((most - least) / 2));
      return field(`*/${step}`, range(least, most, step), { isNamed: false });
    }
    case 2: {
      const [from = least, to = most] = [any(), any()].toSorted((a, b) => a - b);
      return field(`${from}-${to}`, range(from, to));
    }
    case 3: {
      const values = Array.from({ length: 1 + random.below(4) }, any);
      return field(values.join(","), values);
    }
    default: {
      const value = any();
      return field(String(value), [value]);
    }
  }
}

function star(least: number, most: number): Field {
  return field("*", range(least, most), { isStar: true, isNamed: false });
}

function field(
  text: string,
  values: readonly number[],
  { isStar = false, isNamed = true }: { readonly isStar?: boolean; readonly isNamed?: boolean } =
    {},
): Field {
  return { text, values: new Set(values), isStar, isNamed };
}

function range(from: number, to: number, step = 1): number[] {
  const values: number[] = [];
  for (let value = from; value <= to; value += step) values.push(value);
  return values;
}
