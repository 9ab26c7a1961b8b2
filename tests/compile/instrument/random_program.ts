import type { SeededRandom } from "../../guest/seeded_random.ts";

const DEEPEST = 6;
const FUNCTIONS = 6;
/** How many passes of loops and calls a program may make, all together. */
const STEPS = 3_000;

/** What the functions of one program are written with. */
interface Program {
  readonly random: SeededRandom;
  /** How exceptions are handled; V8 takes only one way in a module. */
  readonly handling: "present" | "former";
}

/** What a branch to a label takes along. */
type Label = "nothing" | "i32";

const COUNT_DOWN = `(if (i32.eqz (global.get $steps)) (then (return (i32.const 0))))
  (global.set $steps (i32.sub (global.get $steps) (i32.const 1)))`;

/**
 * Writes a module of functions that branch in every direction, call each other, throw and catch,
 * and end: passes and calls are counted down. It exports "run", a function `(i32) -> i32` whose
 * result depends on all that was done.
 */
export function randomProgram(random: SeededRandom): string {
  const program: Program = { random, handling: random.pick(["present", "former"]) };
  const indexes = Array.from({ length: FUNCTIONS }, (_, index) => index);
  return `(module
    (type $t (func (param i32) (result i32)))
    (global $steps (mut i32) (i32.const ${STEPS}))
    (global $sum (mut i32) (i32.const 0))
    (memory 1)
    (table funcref (elem ${indexes.map((index) => `$f${index}`).join(" ")}))
    (tag $e (param i32))
    ${indexes.map((index) => writeFunction(program, index)).join("\n")}
    (func (export "run") (param i32) (result i32)
      (drop (call $f0 (local.get 0)))
      (i32.add (global.get $sum) (global.get $steps))))`;
}

function writeFunction(program: Program, index: number): string {
  return `(func $f${index} (type $t) (local i32)
    ${COUNT_DOWN}
    ${statements(program, ["i32"])}
    (i32.add (local.get 0) (i32.const ${index})))`;
}

/** Writes statements that leave the stack as it is. */
function statements(program: Program, labels: readonly Label[]): string {
  const count = 1 + program.random.below(4);
  return Array.from({ length: count }, () => statement(program, labels)).join("\n");
}

function statement(program: Program, labels: readonly Label[]): string {
  const { random, handling } = program;
  if (labels.length > DEEPEST) return mix(random);
  const inner = (...added: readonly Label[]) => statements(program, [...added, ...labels]);
  const condition = () => truth(random);
  switch (random.below(12)) {
    case 0:
      return `block ${inner("nothing")} end`;
    case 1:
    case 2:
      return `loop ${COUNT_DOWN} ${inner("nothing")} end`;
    case 3:
      return `i32.const 5 loop (param i32) (result i32)
        local.set 1 ${COUNT_DOWN} ${inner("i32")} local.get 1 end drop`;
    case 4:
      return `${condition()} if ${inner("nothing")} else ${inner("nothing")} end`;
    case 5:
      return `${condition()} if ${inner("nothing")} end`;
    case 6:
    case 7:
      return branch(random, labels);
    case 8:
      return table(random, labels);
    case 9:
      return `(local.set 0 (call $f${random.below(FUNCTIONS)} (local.get 1)))`;
    case 10:
      return `(local.set 0 (call_indirect (type $t) (local.get 0)
        (i32.rem_u (local.get 0) (i32.const ${FUNCTIONS}))))`;
    case 11:
      if (handling === "former") {
        return `block (result i32) try (result i32)
            ${inner("i32", "i32")}
            ${condition()} if local.get 0 throw $e end
            i32.const 3
          catch $e
            ${condition()} if i32.const 9 throw $e end
          catch_all
            ${condition()} if rethrow 1 end
            i32.const 7
          end end
          local.set 1`;
      }
      return `block (result i32)
          try_table (catch $e 0) ${inner("nothing", "i32")}
            ${condition()} if local.get 0 throw $e end
          end
          i32.const 1
        end
        local.set 1`;
    default:
      return mix(random);
  }
}

/** To any label around, so also back to the start of a loop. */
function branch(random: SeededRandom, labels: readonly Label[]): string {
  const label = random.below(labels.length);
  return labels[label] === "i32"
    ? `local.get 0 ${truth(random)} br_if ${label} drop`
    : `${truth(random)} br_if ${label}`;
}

function table(random: SeededRandom, labels: readonly Label[]): string {
  const plain = labels.flatMap((label, index) => label === "nothing" ? [index] : []);
  if (plain.length === 0) return mix(random);
  const targets = Array.from({ length: 4 }, () => random.pick(plain));
  return `${truth(random)} if local.get 0 br_table ${
    targets.map((target) => target + 1).join(" ")
  } end`;
}

function mix(random: SeededRandom): string {
  const [to, from] = [random.below(2), random.below(2)];
  return `(local.set ${to} (i32.xor
      (i32.mul (local.get ${from}) (i32.const ${1 + 2 * random.below(1_000)}))
      (i32.const ${random.below(1_000)})))
    (global.set $sum (i32.add (i32.rotl (global.get $sum) (i32.const 3)) (local.get ${to})))`;
}

function truth(random: SeededRandom): string {
  return `(i32.and (local.get ${random.below(2)}) (i32.const ${1 + random.below(7)}))`;
}
