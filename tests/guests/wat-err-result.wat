;; Answers `err("out of paper")`.
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "\01\00\00\00\10\00\00\00\0c\00\00\00")
  (data (i32.const 16) "out of paper")
  (global $next (mut i32) (i32.const 1024))

  (func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    global.get $next
    (global.set $next (i32.add (global.get $next) (local.get 3))))

  (func $handle_timer_request (export "handle-timer-request")
    (param $message i32) (param $length i32) (result i32)
    (i32.const 0)))
