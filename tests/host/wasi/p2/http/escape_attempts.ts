import type { Sent } from "./client.ts";

/** The ports of the two servers on 127.0.0.1 that the attempts are about. */
export interface Ports {
  /** The one that is granted. */
  readonly granted: number;
  /** The one that nothing may reach. */
  readonly denied: number;
}

/** A request by which a guest tries to get where it may not. */
export interface EscapeAttempt {
  readonly name: string;
  /** What is granted; by default the granted server under its address. */
  readonly grants?: (ports: Ports) => readonly string[];
  readonly request: (ports: Ports) => Sent;
  /** The error code's tag. */
  readonly code: string;
  /** The tag where the policy allows everything and only the worker's permissions stand. */
  readonly secondWall: string;
}

const DENIED = "HTTP-request-denied";
const INVALID = "HTTP-request-URI-invalid";

/** Another spelling of the denied server's host. */
function elsewhere(name: string, host: string): EscapeAttempt {
  return {
    name,
    request: ({ denied }) => ({ authority: `${host}:${denied}` }),
    code: DENIED,
    secondWall: DENIED,
  };
}

/** An authority that the URL parser could take for another; no wall is needed. */
function confusing(name: string, authority: (ports: Ports) => string): EscapeAttempt {
  return {
    name,
    request: (ports) => ({ authority: authority(ports) }),
    code: INVALID,
    secondWall: INVALID,
  };
}

/** The attempts. None may open a connection to the denied server. */
export const ESCAPE_ATTEMPTS: readonly EscapeAttempt[] = [
  elsewhere("another port", "127.0.0.1"),
  elsewhere("IPv4 as one number", "2130706433"),
  elsewhere("IPv4 in octal", "0177.0.0.01"),
  elsewhere("IPv4 in hexadecimal", "0x7f.0.0.0x1"),
  elsewhere("IPv4 with parts left out", "127.1"),
  elsewhere("IPv4 in full-width digits", "１２７.0.0.1"),
  elsewhere("IPv4 mapped into IPv6", "[::ffff:127.0.0.1]"),
  elsewhere("IPv4 mapped into IPv6, in hexadecimal", "[::ffff:7f00:1]"),
  elsewhere("the unspecified address", "0.0.0.0"),
  elsewhere("the unspecified address of IPv6", "[::]"),
  elsewhere("loopback of IPv6", "[::1]"),
  elsewhere("another loopback address", "127.0.0.2"),
  elsewhere("a name for the same address", "localhost"),
  elsewhere("a name in circled letters", "ⓛocalhost"),
  elsewhere("a name in percent encoding", "%6cocalhost"),
  elsewhere("a name in upper case", "LOCALHOST"),
  {
    name: "a granted name with a trailing dot",
    grants: ({ denied }) => [`http://localhost:${denied}`],
    request: ({ denied }) => ({ authority: `localhost.:${denied}` }),
    code: DENIED,
    // Deno takes the two for one. The resolver does not know the name with the dot.
    secondWall: "DNS-error",
  },
  {
    name: "a name that looks like a granted one",
    grants: ({ denied }) => [`http://localhost:${denied}`],
    request: ({ denied }) => ({ authority: `lоcalhost:${denied}` }),
    code: DENIED,
    secondWall: DENIED,
  },
  confusing(
    "user information",
    ({ granted, denied }) => `127.0.0.1:${granted}@127.0.0.1:${denied}`,
  ),
  confusing("a password", ({ denied }) => `u:p@127.0.0.1:${denied}`),
  confusing("a fragment", ({ granted, denied }) => `127.0.0.1:${denied}#@127.0.0.1:${granted}`),
  confusing("a backslash", ({ granted, denied }) => `127.0.0.1:${denied}\\@127.0.0.1:${granted}`),
  confusing("a path in the authority", ({ denied }) => `127.0.0.1:${denied}/`),
  confusing("an encoded null", ({ denied }) => `127.0.0.1%00.example.com:${denied}`),
  {
    name: "an absolute path",
    request: ({ granted, denied }) => ({
      authority: `127.0.0.1:${granted}`,
      path: `http://127.0.0.1:${denied}/`,
    }),
    code: INVALID,
    secondWall: INVALID,
  },
  {
    name: "a tunnel",
    request: ({ granted }) => ({ authority: `127.0.0.1:${granted}`, method: { tag: "connect" } }),
    code: "HTTP-request-method-invalid",
    secondWall: "HTTP-request-method-invalid",
  },
  {
    name: "a tunnel by another spelling",
    request: ({ granted }) => ({
      authority: `127.0.0.1:${granted}`,
      method: { tag: "other", val: "connect" },
    }),
    code: "HTTP-request-method-invalid",
    secondWall: "HTTP-request-method-invalid",
  },
  {
    name: "another scheme",
    request: ({ granted }) => ({ authority: `127.0.0.1:${granted}`, scheme: { tag: "HTTPS" } }),
    code: DENIED,
    // Deno's permissions know no schemes. The granted server does not speak TLS.
    secondWall: "TLS-protocol-error",
  },
  {
    name: "a scheme that is not of HTTP",
    request: ({ denied }) => ({
      authority: `127.0.0.1:${denied}`,
      scheme: { tag: "other", val: "redis" },
    }),
    code: "HTTP-protocol-error",
    secondWall: "HTTP-protocol-error",
  },
  { name: "no authority", request: () => ({}), code: DENIED, secondWall: DENIED },
  {
    name: "another component",
    grants: () => ["http://other.spin.internal"],
    request: () => ({ authority: "other.spin.internal" }),
    code: DENIED,
    secondWall: DENIED,
  },
  {
    name: "a granted name of a private address",
    grants: ({ denied }) => [`http://localhost:${denied}`],
    request: ({ denied }) => ({ authority: `localhost:${denied}` }),
    code: "destination-IP-prohibited",
    // Deno permits names, whatever their address is.
    secondWall: "none",
  },
  {
    name: "a granted name of a private address, over TLS",
    grants: ({ denied }) => [`https://localhost:${denied}`],
    request: ({ denied }) => ({ authority: `localhost:${denied}`, scheme: { tag: "HTTPS" } }),
    code: "destination-IP-prohibited",
    secondWall: "none",
  },
];
