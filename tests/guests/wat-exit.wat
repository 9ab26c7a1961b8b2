;; Exits with a failure instead of answering.
(module
  (import "wasi:cli/exit@0.2.6" "exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 1024))

  (func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    global.get $next
    (global.set $next (i32.add (global.get $next) (local.get 3))))

  (func $handle_timer_request (export "handle-timer-request")
    (param $message i32) (param $length i32) (result i32)
    (call $exit (i32.const 1))
    unreachable))
