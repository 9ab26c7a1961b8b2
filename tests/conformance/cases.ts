import { cliCases } from "./cli_cases.ts";
import type { ConformanceCase } from "./conformance_case.ts";
import { filesystemCases } from "./filesystem_cases.ts";
import { httpCases } from "./http_cases.ts";
import { ioCases } from "./io_cases.ts";
import { socketCases } from "./socket_cases.ts";

/** Every conformance case. */
export const cases: readonly ConformanceCase[] = [
  ...cliCases,
  ...ioCases,
  ...filesystemCases,
  ...socketCases,
  ...httpCases,
];

/** The functions that no case can reach, and why. */
export const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ...["method", "path-with-query", "scheme", "authority", "headers", "consume"].map((name) =>
    [
      `wasi:http/types#[method]incoming-request.${name}`,
      "a request comes in through a trigger for HTTP, which this version does not have",
    ] as const
  ),
  [
    "wasi:http/types#[static]response-outparam.set",
    "a response goes out through a trigger for HTTP, which this version does not have",
  ],
]);
