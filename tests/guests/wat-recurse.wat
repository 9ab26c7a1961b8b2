;; Calls itself until the stack overflows.
(module
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 1024))

  (func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    global.get $next
    (global.set $next (i32.add (global.get $next) (local.get 3))))

  (func $deeper (param $depth i32) (result i32)
    (i32.add (i32.const 1) (call $deeper (i32.add (local.get $depth) (i32.const 1)))))

  (func $handle_timer_request (export "handle-timer-request")
    (param $message i32) (param $length i32) (result i32)
    (call $deeper (i32.const 0))))
