/**
 * The text of the raw guest: a core module that calls any import with any numbers, and that breaks
 * every promise of the canonical ABI when it is told to.
 *
 * @module
 */

/** A core function that the guest imports. */
export interface CoreImport {
  /** The module's name in the core module. */
  readonly module: string;
  /** The function's name there. */
  readonly name: string;
  /** The parameters' types. */
  readonly parameters: readonly string[];
  /** The result's type. */
  readonly result?: string;
}

const TYPE_REGEXP = /\(type \(;(\d+);\) \(func((?: \(param[^)]*\))?)((?: \(result[^)]*\))?)\)\)/g;
const IMPORT_REGEXP = /\(import "([^"]+)" "([^"]+)" \(func \(;\d+;\) \(type (\d+)\)\)\)/g;

/**
 * Reads the imports of a core module in text form.
 *
 * @param wat The module, as the WebAssembly tools print it.
 * @returns Its imports, in order.
 */
export function importsOf(wat: string): readonly CoreImport[] {
  const words = (text = "") => text.match(/i(?:32|64)/g) ?? [];
  const types = new Map(
    [...wat.matchAll(TYPE_REGEXP)].map(([, index, parameters, result]) =>
      [index, { parameters: words(parameters), result: words(result)[0] }] as const
    ),
  );
  return [...wat.matchAll(IMPORT_REGEXP)].map(([, module = "", name = "", index]) => {
    const type = types.get(index);
    if (type === undefined) throw new SyntaxError(`Import ${name} has no type`);
    const { parameters, result } = type;
    return { module, name, parameters, ...(result !== undefined && { result }) };
  });
}

/**
 * Names an import the way jco does.
 *
 * @param imported The import.
 * @returns Such as `wasi:io/poll#[method]pollable.block`.
 */
export function importId({ module, name }: CoreImport): string {
  const [, path = ""] = /^cm32p2\|(.*)@[\d.]+$/.exec(module) ?? [];
  return `${path}#${name.replace(/^(.*)_drop$/, "[resource-drop]$1")}`;
}

/**
 * Writes the guest.
 *
 * @param imports What it imports.
 * @returns A core module in text form.
 */
export function rawGuestWat(imports: readonly CoreImport[]): string {
  const declarations = imports.map(({ module, name, parameters, result }, index) =>
    `(import "${module}" "${name}" (func $import${index}` +
    `${parameters.map((type) => ` (param ${type})`).join("")}` +
    `${result === undefined ? "" : ` (result ${result})`}))`
  );
  const now = imports.findIndex(({ name }) => name === "get-random-u64");
  return `(module
${declarations.join("\n")}
(func $call_import (param $index i32) (param $at i32) (result i64)
${imports.map(callOf).join("\n")}
unreachable)
${BODY.replaceAll("$some_import", `$import${now}`)})`;
}

function callOf({ parameters, result }: CoreImport, index: number): string {
  const args = parameters.map((type, position) => {
    const load = `(i64.load offset=${8 * position} (local.get $at))`;
    return type === "i64" ? load : `(i32.wrap_i64 ${load})`;
  });
  const call = `(call $import${index} ${args.join(" ")})`;
  const value = result === undefined
    ? `${call} (i64.const 0)`
    : result === "i32"
    ? `(i64.extend_i32_u ${call})`
    : call;
  return `(if (i32.eq (local.get $index) (i32.const ${index})) (then ${value} (return)))`;
}

const BODY = `
(type $nothing (func))
(memory (export "cm32p2_memory") 64)
(table $table 1 funcref)
(global $next (mut i32) (i32.const 0x200000))
(global $in_import (mut i32) (i32.const 0))
(global $realloc_mode (mut i32) (i32.const 0))
(global $realloc_value (mut i32) (i32.const 0))
(global $post_mode (mut i32) (i32.const 0))
(global $result_area (mut i32) (i32.const 64))

(func $allocate (param $alignment i32) (param $size i32) (result i32)
  (local $address i32)
  (local.set $address (i32.and
    (i32.add (global.get $next) (i32.sub (local.get $alignment) (i32.const 1)))
    (i32.sub (i32.const 0) (local.get $alignment))))
  (global.set $next (i32.add (local.get $address) (local.get $size)))
  (block $fits
    (br_if $fits (i32.le_u (global.get $next) (i32.shl (memory.size) (i32.const 16))))
    (br_if $fits (i32.ne (i32.const -1) (memory.grow
      (i32.add (i32.const 1) (i32.shr_u (local.get $size) (i32.const 16))))))
    unreachable)
  (local.get $address))

;; Modes from 100 on are in force all the time, the others only while an import is called.
(func (export "cm32p2_realloc")
  (param $old i32) (param $old_size i32) (param $alignment i32) (param $size i32) (result i32)
  (local $mode i32)
  (local.set $mode (global.get $realloc_mode))
  (if (i32.ge_u (local.get $mode) (i32.const 100))
    (then (local.set $mode (i32.sub (local.get $mode) (i32.const 100))))
    (else (if (i32.eqz (global.get $in_import)) (then (local.set $mode (i32.const 0))))))
  (if (i32.eq (local.get $mode) (i32.const 1)) (then (return (global.get $realloc_value))))
  (if (i32.eq (local.get $mode) (i32.const 2)) (then unreachable))
  (if (i32.eq (local.get $mode) (i32.const 3)) (then (loop $forever (br $forever))))
  (if (i32.eq (local.get $mode) (i32.const 4)) (then (drop (call $some_import))))
  (if (i32.eq (local.get $mode) (i32.const 5))
    (then (drop (memory.grow (global.get $realloc_value)))))
  (call $allocate (local.get $alignment) (local.get $size)))

(func (export "cm32p2||invoke") (param $index i32) (param $at i32) (param $length i32) (result i64)
  (local $result i64)
  (global.set $in_import (i32.const 1))
  (local.set $result (call $call_import (local.get $index) (local.get $at)))
  (global.set $in_import (i32.const 0))
  (local.get $result))

(func (export "cm32p2||peek") (param $address i32) (param $length i32) (result i32)
  (i32.store offset=16 (i32.const 0) (local.get $address))
  (i32.store offset=20 (i32.const 0) (local.get $length))
  (i32.const 16))
(func (export "cm32p2||poke") (param $address i32) (param $from i32) (param $length i32)
  (memory.copy (local.get $address) (local.get $from) (local.get $length))
  ;; What was allocated for earlier calls is free again.
  (global.set $next (i32.const 0x200000)))

(func (export "cm32p2||set-realloc") (param i32 i32)
  (global.set $realloc_mode (local.get 0))
  (global.set $realloc_value (local.get 1)))
(func (export "cm32p2||set-post-return") (param i32) (global.set $post_mode (local.get 0)))

(func $post
  (if (i32.eq (global.get $post_mode) (i32.const 1)) (then unreachable))
  (if (i32.eq (global.get $post_mode) (i32.const 2)) (then (loop $forever (br $forever))))
  (if (i32.eq (global.get $post_mode) (i32.const 3)) (then (drop (call $some_import))))
  (if (i32.eq (global.get $post_mode) (i32.const 4)) (then (call $recurse))))
(func (export "cm32p2||return-string_post") (param i32) (call $post))

(func $result (param $address i32) (param $length i32) (result i32)
  (i32.store (i32.const 64) (local.get $address))
  (i32.store (i32.const 68) (local.get $length))
  (global.get $result_area))
(func (export "cm32p2||return-string") (param i32 i32) (result i32)
  (call $result (local.get 0) (local.get 1)))
(func (export "cm32p2||return-list") (param i32 i32) (result i32)
  (call $result (local.get 0) (local.get 1)))
(func (export "cm32p2||return-records") (param i32 i32) (result i32)
  (call $result (local.get 0) (local.get 1)))
(func (export "cm32p2||return-char") (param i32) (result i32) (local.get 0))
(func (export "cm32p2||return-bool") (param i32) (result i32) (local.get 0))
(func (export "cm32p2||return-choice") (param i32 i32 i32) (result i32)
  (i32.store8 (i32.const 128) (local.get 0))
  (i32.store (i32.const 132) (local.get 1))
  (i32.store (i32.const 136) (local.get 2))
  (i32.const 128))

(func $recurse (call $recurse) (call $recurse))
(func $spin_by_tail_call (return_call $spin_by_tail_call))
(func (export "cm32p2||misbehave") (param $mode i32) (param $value i32) (result i32)
  (local $count i32)
  ;; 1: an endless loop
  (if (i32.eq (local.get $mode) (i32.const 1)) (then (loop $forever (br $forever))))
  ;; 2: deep recursion
  (if (i32.eq (local.get $mode) (i32.const 2)) (then (call $recurse)))
  ;; 3: memory, page by page, until there is no more; gives how many pages there are then
  (if (i32.eq (local.get $mode) (i32.const 3)) (then
    (loop $more (br_if $more (i32.ne (i32.const -1) (memory.grow (i32.const 1)))))
    (return (memory.size))))
  ;; 4: writes all memory over and over
  (if (i32.eq (local.get $mode) (i32.const 4)) (then
    (drop (memory.grow (local.get $value)))
    (loop $forever
      (memory.fill (i32.const 0x200000) (i32.const 1)
        (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 0x200000)))
      (br $forever))))
  ;; 5: a table that grows until there is no more; gives its size then
  (if (i32.eq (local.get $mode) (i32.const 5)) (then
    (loop $more (br_if $more (i32.ne (i32.const -1)
      (table.grow $table (ref.null func) (local.get $value)))))
    (return (table.size $table))))
  ;; 6 to 9: plain traps
  (if (i32.eq (local.get $mode) (i32.const 6)) (then unreachable))
  (if (i32.eq (local.get $mode) (i32.const 7)) (then
    (return (i32.div_u (i32.const 1) (i32.sub (local.get $value) (local.get $value))))))
  (if (i32.eq (local.get $mode) (i32.const 8)) (then (return (i32.load (i32.const -4)))))
  (if (i32.eq (local.get $mode) (i32.const 9)) (then
    (call_indirect (type $nothing) (i32.const 0))))
  ;; 10: asks for memory for ever, though there is no more
  (if (i32.eq (local.get $mode) (i32.const 10)) (then
    (loop $forever (drop (memory.grow (i32.const 1))) (br $forever))))
  ;; 11: an endless chain of tail calls
  (if (i32.eq (local.get $mode) (i32.const 11)) (then (call $spin_by_tail_call)))
  ;; 12: an import, over and over
  (if (i32.eq (local.get $mode) (i32.const 12)) (then
    (loop $forever (drop (call $some_import)) (br $forever))))
  ;; 13: moves where results are said to stand
  (if (i32.eq (local.get $mode) (i32.const 13)) (then
    (global.set $result_area (local.get $value))))
  ;; 14: the same import many times, with what lies at address 4096 as parameters
  (if (i32.eq (local.get $mode) (i32.const 14)) (then
    (loop $more
      (drop (call $call_import (local.get $value) (i32.const 4096)))
      (local.set $count (i32.add (local.get $count) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $count) (i32.load offset=4088 (i32.const 0)))))
    (return (local.get $count))))
  (i32.const 0))
`;
