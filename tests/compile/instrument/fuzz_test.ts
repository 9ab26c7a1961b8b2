import assert from "node:assert/strict";
import { capGrowth } from "../../../src/compile/instrument/cap_growth.ts";
import { instrument } from "../../../src/compile/instrument/instrument.ts";
import { measureInitial } from "../../../src/compile/instrument/measure_initial.ts";
import { WasmFormatError } from "../../../src/compile/instrument/wasm_reader.ts";
import { SeededRandom } from "../../guest/seeded_random.ts";
import { CLASSES, DECLARATIONS } from "./instructions.ts";
import { randomProgram } from "./random_program.ts";
import { wat } from "./wat.ts";

const CASES = 2_000;

async function seeds(): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const instructions = CLASSES.flatMap(({ instructions }) => instructions);
  return [
    await wat("(module)"),
    await wat(`(module ${DECLARATIONS} (func
      ${instructions.map((instruction) => `unreachable ${instruction}`).join("\n")}
      unreachable))`),
    await wat(randomProgram(new SeededRandom(1))),
    await wat(randomProgram(new SeededRandom(2))),
  ];
}

/** Cuts, drops, doubles or changes some bytes; mostly one, so that some modules stay valid. */
function mutate(bytes: Uint8Array<ArrayBuffer>, random: SeededRandom): Uint8Array<ArrayBuffer> {
  const at = random.below(bytes.length);
  const mutated = bytes.slice();
  switch (random.below(20)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1));
    case 2:
      return Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at >> 1));
    case 3:
      mutated[at] = random.below(256);
      mutated[random.below(bytes.length)] = random.below(256);
      return mutated;
    default:
      mutated[at] = (mutated[at] ?? 0) ^ (1 << random.below(8));
      return mutated;
  }
}

/** Does something with a module that may be malformed; tells whether it could be done. */
function survives(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    assert.ok(error instanceof WasmFormatError, String(error));
    return false;
  }
}

Deno.test("Mutated modules are refused, left alone, or rewritten to valid ones", async () => {
  const random = new SeededRandom(7);
  const modules = await seeds();
  const count = { valid: 0, rewritten: 0 };
  for (let left = CASES; left > 0; left--) {
    const module = mutate(random.pick(modules), random);
    const isValid = WebAssembly.validate(module);
    const wasTaken = survives(() => {
      const { bytes, skipped } = instrument(module);
      assert.ok(WebAssembly.validate(bytes));
      if (skipped === undefined) count.rewritten++;
    });
    assert.equal(wasTaken, isValid);
    const wasCapped = survives(() => {
      const capped = capGrowth(module, { memory: 65_536 });
      measureInitial(capped);
      if (isValid) assert.ok(WebAssembly.validate(capped));
    });
    if (isValid) assert.ok(wasCapped);
    if (isValid) count.valid++;
  }
  assert.ok(count.valid > CASES / 20, `only ${count.valid} were valid`);
  assert.ok(count.rewritten > count.valid / 2, `only ${count.rewritten} were rewritten`);
});
