;; Blocks for 300 ms on the monotonic clock.
(module
  (import "wasi:clocks/monotonic-clock@0.2.6" "subscribe-duration"
    (func $subscribe_duration (param i64) (result i32)))
  (import "wasi:io/poll@0.2.6" "[method]pollable.block" (func $block (param i32)))
  (import "wasi:io/poll@0.2.6" "[resource-drop]pollable" (func $drop_pollable (param i32)))
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 1024))

  (func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    global.get $next
    (global.set $next (i32.add (global.get $next) (local.get 3))))

  (func $handle_timer_request (export "handle-timer-request")
    (param $message i32) (param $length i32) (result i32)
    (local $pollable i32)
    (local.set $pollable (call $subscribe_duration (i64.const 300_000_000)))
    (call $block (local.get $pollable))
    (call $drop_pollable (local.get $pollable))
    ;; The bytes 0 to 7 are zero: an empty string.
    (i32.const 0)))
