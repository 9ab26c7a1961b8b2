import assert from "node:assert/strict";
import { isPrivateAddress, PRIVATE_RANGES } from "../../src/policy/private_address.ts";

const PRIVATE = [
  "0.0.0.0",
  "0.1.2.3",
  "10.0.0.0",
  "10.255.255.255",
  "100.64.0.1",
  "100.127.255.255",
  "127.0.0.1",
  "127.255.255.255",
  "169.254.169.254",
  "172.16.0.0",
  "172.31.255.255",
  "192.0.0.8",
  "192.0.2.1",
  "192.168.0.1",
  "198.18.0.1",
  "198.51.100.7",
  "203.0.113.7",
  "224.0.0.1",
  "239.255.255.255",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "[::1]",
  "::127.0.0.1",
  "::ffff:127.0.0.1",
  "::ffff:10.1.2.3",
  "::ffff:0:10.0.0.1",
  "64:ff9b::a00:1",
  "64:ff9b:1::1",
  "100::1",
  "2001::1",
  "2001:db8::1",
  "2002:7f00:1::1",
  "3fff::1",
  "fc00::1",
  "fd00:ec2::254",
  "fe80::1",
  "fec0::1",
  "ff02::1",
  // Other ways to write such an address.
  "127.1",
  "0x7f.1",
  "2130706433",
  "017700000001",
];

const PUBLIC = [
  "1.1.1.1",
  "8.8.8.8",
  "9.255.255.255",
  "11.0.0.0",
  "93.184.216.34",
  "100.63.255.255",
  "100.128.0.0",
  "126.255.255.255",
  "128.0.0.0",
  "169.253.255.255",
  "172.15.255.255",
  "172.32.0.0",
  "192.0.1.0",
  "192.167.255.255",
  "192.169.0.0",
  "198.17.255.255",
  "198.20.0.0",
  "223.255.255.255",
  "::ffff:8.8.8.8",
  "2001:4860:4860::8888",
  "2606:4700:4700::1111",
];

Deno.test("isPrivateAddress() is true for addresses that are not of the public internet", () => {
  for (const address of PRIVATE) assert.equal(isPrivateAddress(address), true, address);
});

Deno.test("isPrivateAddress() is false for addresses of the public internet", () => {
  for (const address of PUBLIC) assert.equal(isPrivateAddress(address), false, address);
});

Deno.test("isPrivateAddress() trusts no text that is not an address", () => {
  for (const text of ["", "example.com", "1.2.3.4.5", "fe80::1%eth0", "[::1"]) {
    assert.equal(isPrivateAddress(text), true, text);
  }
});

Deno.test("PRIVATE_RANGES says what each range is for, once", () => {
  const ranges = PRIVATE_RANGES.map(({ range }) => range);
  assert.equal(new Set(ranges).size, ranges.length);
  assert(PRIVATE_RANGES.every(({ purpose }) => purpose !== ""));
});
