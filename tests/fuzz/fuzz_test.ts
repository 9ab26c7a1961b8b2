import assert from "node:assert/strict";
import { runCampaign } from "./campaign.ts";
import { readLeb128, writeLeb128 } from "./leb128.ts";
import { mutate } from "./mutate.ts";
import { encodeSections, parseSections } from "./section_tree.ts";
import { guest } from "../support/guests.ts";

Deno.test("a hundred mutated components end in good order and touch nothing", async () => {
  const { counts, faults } = await runCampaign({ small: 100, large: 0 });
  assert.deepEqual(faults, []);
  assert.ok(counts["refused at compile"] > 0);
  assert.ok(counts["ran ok"] > 0, "No mutant was mild enough to run");
});

Deno.test("mutate() gives the same mutant for the same seed, and different ones for others", async () => {
  const ancestors = [{ name: "wat-echo", bytes: await Deno.readFile(await guest("wat-echo")) }];
  assert.deepEqual(mutate(7, ancestors), mutate(7, ancestors));
  const texts = Array.from({ length: 200 }, (_, seed) => mutate(seed, ancestors).bytes.toHex());
  assert.ok(new Set(texts).size > 150);
});

Deno.test("encodeSections() gives back what parseSections() took apart", async () => {
  for (const name of ["wat-echo", "wat-stdout", "wat-two-versions"] as const) {
    const bytes = await Deno.readFile(await guest(name));
    const binary = parseSections(bytes);
    assert.ok(binary !== undefined);
    assert.deepEqual(encodeSections(binary), bytes);
  }
});

Deno.test("writeLeb128() writes what readLeb128() reads", () => {
  for (const value of [0, 1, 127, 128, 16_384, 2 ** 31, 2 ** 32 - 1]) {
    const bytes = Uint8Array.from(writeLeb128(value));
    assert.deepEqual(readLeb128(bytes, 0), { value, end: bytes.length });
    assert.equal(readLeb128(Uint8Array.from(writeLeb128(value, 5)), 0)?.value, value);
  }
  assert.equal(readLeb128(Uint8Array.of(0x80), 0), undefined);
});
