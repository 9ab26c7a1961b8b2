/**
 * Small components that do harm before anything of them is called, or with features of Wasm that
 * the raw guest does not use, in text form.
 *
 * @module
 */

/** The components by their names. Each exports `run: func()`. */
export const evilComponents: Readonly<Record<string, string>> = {
  "start-loop": component(`
    (func $start (loop $forever (br $forever)))
    (start $start)
    (func (export "run"))`),
  "start-trap": component(`
    (func $start unreachable)
    (start $start)
    (func (export "run"))`),
  "start-recurse": component(`
    (func $start (call $start) (call $start))
    (start $start)
    (func (export "run"))`),
  "start-grow": component(`
    (memory 1)
    (func $start (loop $more (br_if $more (i32.ne (i32.const -1) (memory.grow (i32.const 16))))))
    (start $start)
    (func (export "run"))`),
  "gc-heap": component(`
    (type $cell (struct (field (ref null $cell)) (field i64) (field i64) (field i64)))
    (func (export "run") (local $list (ref null $cell))
      (loop $forever
        (local.set $list
          (struct.new $cell (local.get $list) (i64.const 1) (i64.const 2) (i64.const 3)))
        (br $forever)))`),
  "gc-arrays": component(`
    (type $bytes (array (mut i8)))
    (type $cell (struct (field (ref null $cell)) (field (ref null $bytes))))
    (func (export "run") (local $list (ref null $cell))
      (loop $forever
        (local.set $list (struct.new $cell (local.get $list)
          (array.new_default $bytes (i32.const 100000000))))
        (br $forever)))`),
  "throw": component(`
    (tag $tag)
    (func (export "run") (throw $tag))`),
};

function component(body: string): string {
  return `(component
    (core module $module ${body})
    (core instance $instance (instantiate $module))
    (func (export "run") (canon lift (core func $instance "run"))))`;
}
