import type { CallResult } from "../../src/guest/runner.ts";

/** A call's result without what it used, which is another every time. */
export function withoutUsage({ usage: _usage, ...result }: CallResult): object {
  return result;
}
