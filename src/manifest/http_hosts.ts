/**
 * The deprecated key `allowed_http_hosts`, rewritten as `allowed_outbound_hosts`.
 *
 * @module
 */

import { describeTable } from "./describe.ts";
import type { Findings, KeyPath } from "./finding.ts";

const KEY = "allowed_http_hosts";
const ALLOW_ALL = "insecure:allow-all";

/**
 * Rewrites the entries of `allowed_http_hosts`, with a warning that the key is deprecated.
 *
 * @param hosts The entries; `undefined` if the key is absent.
 * @param componentPath The keys that lead to the component.
 * @param findings Where problems are added.
 * @returns The same grants as entries of `allowed_outbound_hosts`.
 */
export function convertHttpHosts(
  hosts: readonly string[] | undefined,
  componentPath: KeyPath,
  findings: Findings,
): string[] {
  if (hosts === undefined) return [];
  const converted = hosts.flatMap((host, index) => {
    const problem = hostProblem(host);
    if (problem === undefined) return convertHost(host);
    findings.errors.push({
      code: "ERR_ALLOWED_HOST",
      message: `Allowed HTTP host "${host}" ${problem}`,
      path: [...componentPath, KEY, index],
      expected: 'a host with or without a port, such as "example.com:8080"',
    });
    return [];
  });
  findings.warnings.push({
    code: "WARN_DEPRECATED_KEY",
    message: `"${KEY}" in ${describeTable(componentPath)} is deprecated`,
    path: [...componentPath, KEY],
    at: "key",
    hint: `Put these into allowed_outbound_hosts instead: ${
      converted.map((host) => JSON.stringify(host)).join(", ")
    }`,
  });
  return converted;
}

function convertHost(host: string): string[] {
  if (host === "self") return ["http://self"];
  if (host === ALLOW_ALL) {
    return ["http://*:*", "https://*:*", "http://self"];
  }
  return [`http://${host}`, `https://${host}`];
}

function hostProblem(host: string): string | undefined {
  if (host.includes("://")) return "has a scheme, which is not allowed here";
  return host.includes("/") ? "has a path, which is not allowed" : undefined;
}
