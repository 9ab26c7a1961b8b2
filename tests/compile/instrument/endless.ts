/** A module that goes on for ever, and how. */
export interface EndlessModule {
  /** What it does. */
  readonly name: string;
  /** Its text; it exports "run", or its start function does not end. */
  readonly text: string;
  /** Whether it is the start function that does not end. */
  readonly atStart?: boolean;
}

/** Deep enough that every loop is in another one. */
const NESTING = 1_000;
/** With those of the function itself, the most that V8 takes. */
const MOST_LOCALS = 50_000;

/** What must end when its time is over. */
export const ENDLESS: readonly EndlessModule[] = [
  { name: "an empty loop", text: `(module (func (export "run") (loop $l (br $l))))` },
  {
    name: "a loop that counts",
    text: `(module (func (export "run") (local $i i32)
      (loop $l
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $l (i32.or (i32.const 1) (local.get $i))))))`,
  },
  {
    name: "a loop left and entered again by its block",
    text: `(module (func (export "run")
      (loop $outer (block $out (loop $inner (br $out))) (br $outer))))`,
  },
  {
    name: "a loop through br_table",
    text: `(module (func (export "run") (local $i i32)
      (loop $a
        (block $b
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br_table $a $b $a (i32.and (local.get $i) (i32.const 1))))
        (br $a))))`,
  },
  {
    name: "a loop with parameters and results",
    text: `(module (func (export "run") (result i64)
      (i32.const 1) (i64.const 2)
      (loop $l (param i32 i64) (result i64)
        (i64.add (i64.const 1)) (br $l))))`,
  },
  {
    name: "a loop through br_on_null",
    text: `(module (func (export "run")
      (loop $l (br_on_null $l (ref.null func)) drop)))`,
  },
  {
    name: "loops in loops",
    text: `(module (func (export "run")
      ${"(loop ".repeat(NESTING)} (br ${NESTING - 1}) ${")".repeat(NESTING)}))`,
  },
  {
    name: "the innermost of many loops",
    text: `(module (func (export "run")
      ${"(loop ".repeat(NESTING)} (br 0) ${")".repeat(NESTING)}))`,
  },
  {
    name: "a loop in a function with all the locals there can be",
    text: `(module (func (export "run")
      (local ${"i32 ".repeat(MOST_LOCALS)}) (loop $l (br $l))))`,
  },
  {
    name: "a loop of calls",
    text: `(module (func $f) (func (export "run") (loop $l (call $f) (br $l))))`,
  },
  {
    name: "a loop that calls a function of many passes",
    text: `(module
      (func $f (local $i i32)
        (local.set $i (i32.const 31))
        (loop $l (br_if $l (local.tee $i (i32.sub (local.get $i) (i32.const 1))))))
      (func (export "run") (loop $l (call $f) (br $l))))`,
  },
  {
    name: "calls that fan out",
    text: `(module ${
      Array.from({ length: 60 }, (_, i) => `(func $f${i} (call $f${i + 1}) (call $f${i + 1}))`)
        .join("\n")
    } (func $f60) (export "run" (func $f0)))`,
  },
  {
    name: "calls that fan out to functions that come before",
    text: `(module (func $f0) ${
      Array.from({ length: 60 }, (_, i) => `(func $f${i + 1} (call $f${i}) (call $f${i}))`)
        .join("\n")
    } (export "run" (func $f60)))`,
  },
  {
    name: "calls of a large function without a loop",
    text: `(module
      (func $f (param f64) (result f64)
        (local.get 0) ${"(f64.sqrt)".repeat(20_000)})
      (func (export "run") ${"(drop (call $f (f64.const 2)))".repeat(2_000)}
        (loop $l (drop (call $f (f64.const 2))) (br $l))))`,
  },
  {
    name: "recursion that branches",
    text: `(module (func $f (export "run") (param i32)
      (if (i32.lt_s (local.get 0) (i32.const 1000)) (then
        (call $f (i32.add (local.get 0) (i32.const 1)))
        (call $f (i32.add (local.get 0) (i32.const 1)))))))`,
  },
  {
    name: "recursion through a table",
    text: `(module
      (table funcref (elem $f))
      (type $t (func (param i32)))
      (func $f (export "run") (param i32)
        (if (i32.lt_s (local.get 0) (i32.const 1000)) (then
          (call_indirect (type $t) (i32.add (local.get 0) (i32.const 1)) (i32.const 0))
          (call_indirect (type $t) (i32.add (local.get 0) (i32.const 1)) (i32.const 0))))))`,
  },
  {
    name: "a tail call of itself",
    text: `(module (func $f (export "run") (return_call $f)))`,
  },
  {
    name: "tail calls of each other",
    text: `(module
      (func $a (export "run") (return_call $b))
      (func $b (return_call $c))
      (func $c (return_call $a)))`,
  },
  {
    name: "tail calls through a table",
    text: `(module
      (table funcref (elem $f))
      (type $t (func))
      (func $f (export "run") (return_call_indirect (type $t) (i32.const 0))))`,
  },
  {
    name: "tail calls through a reference",
    text: `(module
      (type $t (func))
      (elem declare func $f)
      (func $f (export "run") (return_call_ref $t (ref.func $f))))`,
  },
  {
    name: "a loop that catches all exceptions",
    text: `(module (tag $e) (func (export "run")
      (loop $l
        (block $caught (try_table (catch_all $caught) (throw $e)))
        (br $l))))`,
  },
  {
    name: "a loop in a block that catches all exceptions",
    text: `(module (func (export "run")
      (loop $l
        (block $caught (try_table (catch_all $caught) (loop $m (br $m))))
        (br $l))))`,
  },
  {
    name: "a catching branch to a loop",
    text: `(module (tag $e) (func (export "run")
      (loop $l (try_table (catch_all $l) (throw $e)))))`,
  },
  {
    name: "a loop that catches all exceptions in the former way",
    text: `(module (tag $e) (func (export "run")
      loop $l
        try throw $e catch $e catch_all end
        br $l
      end))`,
  },
  {
    name: "a loop in a block that catches all exceptions in the former way",
    text: `(module (func (export "run")
      loop $l
        try loop $m br $m end catch_all end
        br $l
      end))`,
  },
  {
    name: "a loop with delegate and rethrow",
    text: `(module (tag $e) (func (export "run")
      loop $l
        try
          loop try try throw $e delegate 1 catch_all rethrow 0 end end
        catch_all
        end
        br $l
      end))`,
  },
  {
    name: "memory.fill in a loop",
    text: `(module (memory 1024) (func (export "run")
      (loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x4000000)) (br $l))))`,
  },
  {
    name: "memory.fill of a large memory in a loop",
    text: `(module (memory 4096) (func (export "run")
      (loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x10000000)) (br $l))))`,
  },
  {
    name: "memory.copy in a loop",
    text: `(module (memory 4096) (func (export "run")
      (loop $l (memory.copy (i32.const 1) (i32.const 0) (i32.const 0xfffffff)) (br $l))))`,
  },
  {
    name: "memory.copy of a 64-bit memory in a loop",
    text: `(module (memory i64 1024) (func (export "run")
      (loop $l (memory.copy (i64.const 0) (i64.const 1) (i64.const 0x3ffffff)) (br $l))))`,
  },
  {
    name: "memory.init in a loop",
    text: `(module (memory 16) (data $d "${"x".repeat(500_000)}") (func (export "run")
      (loop $l (memory.init $d (i32.const 0) (i32.const 0) (i32.const 500000)) (br $l))))`,
  },
  {
    name: "table.fill in a loop",
    text: `(module (table $t 1000000 externref) (func (export "run")
      (loop $l
        (table.fill $t (i32.const 0) (ref.null extern) (i32.const 1000000)) (br $l))))`,
  },
  {
    name: "table.copy in a loop",
    text: `(module (table $t 1000000 externref) (func (export "run")
      (loop $l
        (table.copy $t $t (i32.const 1) (i32.const 0) (i32.const 999999)) (br $l))))`,
  },
  {
    name: "table.init in a loop",
    text: `(module (table $t 10000 funcref) (elem $e func ${"0 ".repeat(10_000)})
      (func (export "run")
        (loop $l
          (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 10000)) (br $l))))`,
  },
  {
    name: "memory.grow in a loop",
    text: `(module (memory 1) (func (export "run")
      (loop $l (drop (memory.grow (i32.const 1))) (br $l))))`,
  },
  {
    name: "table.grow in a loop",
    text: `(module (table $t 1 1000 externref) (func (export "run")
      (loop $l (drop (table.grow $t (ref.null extern) (i32.const 1))) (br $l))))`,
  },
  {
    name: "new structures in a loop",
    text: `(module (type $s (struct (field (mut i32)))) (func (export "run")
      (loop $l (drop (struct.new $s (i32.const 1))) (br $l))))`,
  },
  {
    name: "new arrays in a loop",
    text: `(module (type $a (array (mut i32))) (func (export "run")
      (loop $l (drop (array.new_default $a (i32.const 100000))) (br $l))))`,
  },
  {
    name: "array.copy in a loop",
    text: `(module (type $a (array (mut i8))) (func (export "run") (local $x (ref null $a))
      (local.set $x (array.new_default $a (i32.const 1000000)))
      (loop $l
        (array.copy $a $a (local.get $x) (i32.const 0) (local.get $x) (i32.const 1)
          (i32.const 999999))
        (br $l))))`,
  },
  {
    name: "a loop through br_on_cast",
    text: `(module (func (export "run")
      (block $out (result anyref)
        (loop $l (result anyref)
          (drop (br_on_cast_fail $out anyref i31ref (ref.i31 (i32.const 1))))
          (br $l)))
      drop))`,
  },
  {
    name: "a start function",
    text: `(module (func $f (loop $l (br $l))) (start $f))`,
    atStart: true,
  },
];
