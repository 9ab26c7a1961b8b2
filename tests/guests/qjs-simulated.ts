// Tells the time, sleeps as long as it is told (ms), tells it again, also as JavaScript does, and
// throws dice. With `spin MS` it looks at the clock until the time has passed; `fail N` throws while
// GYRE_ATTEMPT is at most N.

// @ts-types="./wasi.d.ts"
import { getEnvironment } from "wasi:cli/environment@0.2.12";
// @ts-types="./wasi.d.ts"
import { now as monotonicNow, subscribeDuration } from "wasi:clocks/monotonic-clock@0.2.12";
// @ts-types="./wasi.d.ts"
import { now as wallNow } from "wasi:clocks/wall-clock@0.2.12";
// @ts-types="./wasi.d.ts"
import { getRandomBytes, getRandomU64 } from "wasi:random/random@0.2.12";

export function handleTimerRequest(msg: string): string {
  const [what = "", amount = "0"] = msg.split(" ");
  const environment = Object.fromEntries(getEnvironment());
  if (what === "fail" && Number(environment["GYRE_ATTEMPT"]) <= Number(amount)) {
    throw new Error(`attempt ${environment["GYRE_ATTEMPT"]}`);
  }
  const before = seconds();
  const begin = Number(monotonicNow());
  const nanoseconds = Number(amount) * 1e6;
  if (what === "sleep") subscribeDuration(nanoseconds).block();
  while (what === "spin" && Number(monotonicNow()) - begin < nanoseconds);
  const dice = [String(getRandomU64()), [...getRandomBytes(3)]];
  return JSON.stringify({ before, after: seconds(), date: Date.now(), dice, environment });
}

function seconds(): number {
  const { seconds, nanoseconds } = wallNow();
  return Number(seconds) + nanoseconds / 1e9;
}
