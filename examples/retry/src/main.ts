// @ts-types="./wasi.d.ts"
import { getEnvironment } from "wasi:cli/environment@0.2.12";

const FAILURES = 2;

/** Fails on its first attempts, as what depends on a busy service may, and then succeeds. */
export function handleTimerRequest(scheduled: string): string {
  const { GYRE_ATTEMPT } = Object.fromEntries(getEnvironment());
  const attempt = Number(GYRE_ATTEMPT);
  if (attempt <= FAILURES) throw `Attempt ${attempt} found the service busy`;
  return `Attempt ${attempt} did what was due at ${scheduled}`;
}
