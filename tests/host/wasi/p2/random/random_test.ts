import assert from "node:assert/strict";
import { insecure } from "../../../../../src/host/wasi/p2/random/insecure.ts";
import { insecureSeed } from "../../../../../src/host/wasi/p2/random/insecure_seed.ts";
import { random } from "../../../../../src/host/wasi/p2/random/random.ts";
import { call } from "../../../call.ts";
import { guestContext } from "../../../guest_context.ts";
import { thrown } from "../../../thrown.ts";

const BYTES = [
  [random, "getRandomBytes"],
  [insecure, "getInsecureRandomBytes"],
] as const;

const NUMBERS = [
  [random, "getRandomU64"],
  [insecure, "getInsecureRandomU64"],
] as const;

for (const [hostInterface, name] of BYTES) {
  const implementation = hostInterface.create(guestContext());

  Deno.test(`${name}() fills all bytes, beyond the platform's quota`, () => {
    assert.deepEqual(call(implementation, name, 0n), new Uint8Array());
    const bytes = call(implementation, name, 200_000n);
    assert(bytes instanceof Uint8Array);
    assert.equal(bytes.length, 200_000);
    // 64 zeroes in a row come once in 2^512 draws.
    for (const start of [0, 65_536, 131_072, 199_936]) {
      assert(bytes.subarray(start, start + 64).some((byte) => byte !== 0));
    }
  });

  Deno.test(`${name}() traps when asked for more than 64 MiB`, () => {
    for (const length of [64n * 2n ** 20n + 1n, 2n ** 64n - 1n]) {
      const error = thrown(() => call(implementation, name, length));
      assert(error instanceof WebAssembly.RuntimeError);
    }
  });
}

for (const [hostInterface, name] of NUMBERS) {
  Deno.test(`${name}() gives different numbers of 64 bits`, () => {
    const implementation = hostInterface.create(guestContext());
    const numbers = Array.from(
      { length: 64 },
      () => call(implementation, name) as bigint,
    );
    assert.equal(new Set(numbers).size, 64);
    for (const number of numbers) {
      assert.equal(BigInt.asUintN(64, number), number);
    }
    // All 64 draws below 2^63 come once in 2^64.
    assert(numbers.some((number) => number >= 2n ** 63n));
  });
}

Deno.test("insecureSeed() gives two numbers, new ones for each call", () => {
  const implementation = insecureSeed.create(guestContext());
  const first = call(implementation, "insecureSeed") as bigint[];
  assert.equal(first.length, 2);
  assert.notDeepEqual(call(implementation, "insecureSeed"), first);
});
